-- An account by the form of its name in which look-alikes are one. With a second step, `second_step` is what a trusted
-- device knows: it changes with the password, too. Shape: one. Index: a_name_looks_like_no_other
-- or accounts_by_beginning.
-- psql -v name_key="'a11ce'" -f sql/accounts/get_by_key.sql
select
    a.id, a.name, a.role, a.password_hash, a.form_key, a.created_at,
    encode(sha256(convert_to(s.version || a.password_hash, 'utf8')), 'hex') as second_step
from accounts a
left join authenticators s on s.account_id = a.id and s.enabled_at is not null
where a.name_key = :name_key
