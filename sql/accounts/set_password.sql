-- Give an account a new password. Shape: value, its name. Index: accounts_pkey.
-- psql -v account_id=1 -v password_hash="'x'" -f sql/accounts/set_password.sql
update accounts
set password_hash = :password_hash
where id = :account_id
returning name
