-- The board's pair of keys, if it was made already. Shape: one.
-- psql -f sql/push/get_keys.sql
select sealed, public_key
from push_keys
