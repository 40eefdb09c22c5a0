-- The board's pair of keys, if there is one already. Shape: one.
-- psql -f sql/push/find_keys.sql
select sealed, public_key
from push_keys
