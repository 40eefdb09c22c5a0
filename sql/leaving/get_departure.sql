-- When an account goes, what is to become of its messages, and how far it is. Shape: one, or nothing.
-- Index: departures_pkey.
-- psql -v account_id=1 -f sql/leaving/get_departure.sql
select account_id, asked_at, due_at, keeps_messages, began_at, names, address, mailed_at, counts
from departures
where account_id = :account_id
