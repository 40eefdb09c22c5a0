-- Whether picture files may be removed in this transaction: not while a backup copies those its snapshot names.
-- The other side is backups/hold_sweep. Shape: value, true or false.
-- psql -f sql/images/may_sweep.sql
select pg_try_advisory_xact_lock_shared(hashtextextended('picture files', 720261121))
