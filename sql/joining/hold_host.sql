-- Hold a host's account, so that two of their invitations are counted one after the other. Shape: value.
-- Index: accounts_pkey.
-- psql -v account_id=1 -f sql/joining/hold_host.sql
select id
from accounts
where id = :account_id
for no key update
