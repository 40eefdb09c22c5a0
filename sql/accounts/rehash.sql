-- Store a better hash of the same password, unless the password was changed meanwhile. Shape: value, the account's id.
-- Index: accounts_pkey.
-- psql -v account_id=1 -v before="'x'" -v after="'y'" -f sql/accounts/rehash.sql
update accounts
set password_hash = :after
where id = :account_id
  and password_hash = :before
returning id
