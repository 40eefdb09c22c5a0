-- Be the only backup or drill of this database until the transaction ends, which may take hours.
-- Shape: value, true; false if there is another.
-- psql -f sql/backups/lock.sql
select cast(set_config('idle_in_transaction_session_timeout', '0', true) as integer) = 0
    and pg_try_advisory_xact_lock(hashtextextended('backups', 720261121))
