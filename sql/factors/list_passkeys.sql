-- The passkeys of an account, the first added first. Shape: many. Index: passkeys_by_account.
-- psql -v account_id=1 -f sql/factors/list_passkeys.sql
select id, name, credential_id, transports, created_at, used_at
from passkeys
where account_id = :account_id
order by id
