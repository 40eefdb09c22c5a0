-- Name a passkey anew. Shape: value, its id, or nothing if it is not the account's. Index: passkeys_pkey or
-- passkeys_by_account.
-- psql -v id=1 -v account_id=1 -v name="'Phone'" -f sql/factors/rename_passkey.sql
update passkeys
set name = :name
where id = :id
  and account_id = :account_id
returning id
