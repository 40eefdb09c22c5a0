-- The second steps of an account: since when an app is asked for, when the next code may be tried, what a trusted
-- device knows (as in accounts/get_by_key), how many backup codes and passkeys there are. Shape: one.
-- Index: accounts_pkey, authenticators_pkey, backup_codes_pkey, passkeys_by_account.
-- psql -v account_id=1 -f sql/factors/get.sql
select
    s.enabled_at,
    cast(greatest(0, ceil(extract(epoch from s.open_at - now()))) as int) as wait,
    encode(sha256(convert_to(s.version || a.password_hash, 'utf8')), 'hex') as second_step,
    case when s.fresh_until > now() then s.fresh_codes end as fresh_codes,
    (select count(*) from backup_codes b where b.account_id = a.id) as codes,
    (select count(*) from passkeys p where p.account_id = a.id) as passkeys
from accounts a
left join authenticators s on s.account_id = a.id and s.enabled_at is not null
where a.id = :account_id
