-- What somebody signs in with besides the password, for their own page. Shape: many, (what, amount, told, at); see
-- board/people/account.py. Index: authenticators_pkey, backup_codes_pkey, passkeys_by_account.
-- psql -v account_id=7 -f sql/factors/list_kept.sql
select 'App for codes' as what, cast(null as bigint) as amount, 'its secret, encrypted' as told, enabled_at as at
from authenticators
where account_id = :account_id
union all
select 'backup code', count(*), null, null
from backup_codes
where account_id = :account_id
union all
select 'passkey', count(*), null, max(used_at)
from passkeys
where account_id = :account_id
