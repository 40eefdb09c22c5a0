-- Ask for no second step any more. Shape: value, the account's id, or nothing if there was none.
-- Index: authenticators_pkey, backup_codes_pkey.
-- psql -v account_id=1 -f sql/factors/disable.sql
with codes as (
    delete from backup_codes
    where account_id = :account_id
)
delete from authenticators
where account_id = :account_id
  and enabled_at is not null
returning account_id
