-- Forget what happened long ago. Shape: many. Index: account_events_by_time.
-- psql -v days=180 -f sql/notices/delete_old.sql
delete from account_events
where created_at < now() - make_interval(days => :days)
returning id
