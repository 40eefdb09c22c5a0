-- The e-mail addresses of an account, for an export. Shape: many.
-- psql -v account_id=1 -f sql/leaving/list_addresses.sql
select address, verified, since
from addresses
where account_id = :account_id
order by verified desc
