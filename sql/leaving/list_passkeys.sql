-- The passkeys of an account, for an export: what they are called, nothing to sign in with. Shape: many.
-- Index: passkeys_by_account.
-- psql -v account_id=1 -f sql/leaving/list_passkeys.sql
select id, name, created_at, used_at
from passkeys
where account_id = :account_id
order by id
