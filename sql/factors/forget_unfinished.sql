-- Forget apps that nobody went on to set up, and hide backup codes whose time to be read is over. Shape: many.
-- psql -f sql/factors/forget_unfinished.sql
with hidden as (
    update authenticators
    set fresh_codes = null, fresh_until = null
    where fresh_until < now()
)
delete from authenticators
where enabled_at is null
  and created_at < now() - interval '15 minutes'
returning account_id
