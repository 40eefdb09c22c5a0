-- Remove all factors of an account but its password. Shape: one, whether there was an app, and how many passkeys.
-- Index: authenticators_pkey, backup_codes_pkey, passkeys_by_account.
-- psql -v account_id=1 -f sql/factors/reset.sql
with codes as (
    delete from backup_codes
    where account_id = :account_id
), app as (
    delete from authenticators
    where account_id = :account_id
    returning enabled_at
), keys as (
    delete from passkeys
    where account_id = :account_id
    returning id
)
select
    exists (select from app where enabled_at is not null) as app,
    (select count(*) from keys) as passkeys
