-- Write down what happened to an account, and tell where its notices go. Shape: one, address null if none
-- is verified. Index: an_account_has_one_address.
-- psql -v account_id=1 -v kind="'password changed'" -v details="'{}'" -v device="'phone'" -v network="'203.0.x.x'" -f sql/notices/create.sql
with written as (
    insert into account_events (account_id, kind, details, device, network)
    values (:account_id, :kind, :details, :device, :network)
    returning account_id
)
select a.name, m.address
from written
join accounts a on a.id = written.account_id
left join addresses m on m.account_id = a.id and m.verified
