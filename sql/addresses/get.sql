-- The address of an account, and the one that waits for its link. Shape: one, null where there is none.
-- Index: an_account_has_one_address.
-- psql -v account_id=1 -f sql/addresses/get.sql
select
    max(address) filter (where verified) as address,
    max(since) filter (where verified) as since,
    max(address) filter (where not verified) as asked,
    max(since) filter (where not verified) as asked_at
from addresses
where account_id = :account_id
