-- The name by which pg_dump sees what this transaction sees, until it ends. Shape: value, text.
-- psql -f sql/backups/export_snapshot.sql
select pg_export_snapshot()
from (select set_config('idle_in_transaction_session_timeout', '0', true)) as without_limit
