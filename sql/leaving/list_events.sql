-- What happened to an account, for an export. Shape: many, at most size.
-- psql -v account_id=1 -v after_id=0 -v size=500 -f sql/leaving/list_events.sql
select id, kind, details, device, network, created_at
from account_events
where account_id = :account_id
  and id > cast(:after_id as bigint)
order by id
limit :size
