-- An account by the form of its name in which look-alikes are one. Shape: one. Index: a_name_looks_like_no_other or accounts_by_beginning.
-- psql -v name_key="'a11ce'" -f sql/accounts/get_by_key.sql
select id, name, role, password_hash, form_key, created_at, false as second_step
from accounts
where name_key = :name_key
