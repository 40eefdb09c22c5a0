-- The accounts whose time has come, the longest due first. Shape: many. Index: departures_by_time.
-- psql -f sql/leaving/list_due.sql
select account_id, began_at is not null as begun
from departures
where due_at <= now()
order by due_at
