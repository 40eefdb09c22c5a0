-- Whether and when an account is to go, for an export. Shape: many, one row at most. Index: departures_pkey.
-- psql -v account_id=1 -f sql/leaving/list_departures.sql
select asked_at, due_at, keeps_messages
from departures
where account_id = :account_id
