-- What an account is called. Shape: value. Index: accounts_pkey.
-- psql -v account_id=1 -f sql/accounts/get_name.sql
select name
from accounts
where id = :account_id
