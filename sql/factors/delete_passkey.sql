-- Remove a passkey. Shape: value, its name, or nothing if it is not the account's. Index: passkeys_pkey or
-- passkeys_by_account.
-- psql -v id=1 -v account_id=1 -f sql/factors/delete_passkey.sql
delete from passkeys
where id = :id
  and account_id = :account_id
returning name
