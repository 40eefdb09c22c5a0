-- Whether signing in asks for a code too, for an export: not the secret. Shape: many, one row at most.
-- Index: authenticators_pkey.
-- psql -v account_id=1 -f sql/leaving/list_second_steps.sql
select created_at, enabled_at
from authenticators
where account_id = :account_id
