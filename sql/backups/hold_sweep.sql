-- Let no picture file be removed until the transaction ends; waits for the one that is being removed now.
-- The other side is images/may_sweep. Shape: value, of no meaning.
-- psql -f sql/backups/hold_sweep.sql
select pg_advisory_xact_lock(hashtextextended('picture files', 720261121))
