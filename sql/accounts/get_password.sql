-- What an account's password is checked against. Shape: value. Index: accounts_pkey.
-- psql -v account_id=1 -f sql/accounts/get_password.sql
select password_hash
from accounts
where id = :account_id
