-- Forget receipts after their time. Shape: many. Index: receipts_by_time.
-- psql -v days=30 -f sql/leaving/delete_old_receipts.sql
delete from receipts
where finished_at < now() - make_interval(days => :days)
returning finished_at
