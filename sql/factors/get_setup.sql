-- The secret that is being set up, for a quarter of an hour. Shape: value. Index: authenticators_pkey.
-- psql -v account_id=1 -f sql/factors/get_setup.sql
select secret
from authenticators
where account_id = :account_id
  and enabled_at is null
  and created_at > now() - interval '15 minutes'
