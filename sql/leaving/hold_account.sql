-- Hold an account against everything that would refer to it. Shape: value, the id. Index: accounts_pkey.
-- psql -v account_id=1 -f sql/leaving/hold_account.sql
select id
from accounts
where id = :account_id
for update
