-- Let an account go in some days. Asked again, the first asking stands. Shape: one (due_at), or nothing if asked before.
-- psql -v account_id=1 -v keeps_messages=true -v receipt_hash="'\x00'" -v days=7 -f sql/leaving/create_departure.sql
insert into departures (account_id, keeps_messages, receipt_hash, due_at)
values (:account_id, :keeps_messages, :receipt_hash, now() + make_interval(days => :days))
on conflict (account_id) do nothing
returning due_at
