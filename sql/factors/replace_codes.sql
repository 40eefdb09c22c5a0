-- New backup codes in place of all old ones; for ten minutes the person can read them. Shape: value, the account's id,
-- or nothing without an app. Index: authenticators_pkey, backup_codes_pkey.
-- psql -v account_id=1 -v hashes="'{}'" -v fresh_codes="'x'" -f sql/factors/replace_codes.sql
with gone as (
    delete from backup_codes
    where account_id = :account_id
), told as (
    update authenticators
    set fresh_codes = :fresh_codes, fresh_until = now() + interval '10 minutes'
    where account_id = :account_id
      and enabled_at is not null
    returning account_id
), made as (
    insert into backup_codes (account_id, code_hash)
    select account_id, unnest(cast(:hashes as bytea[])) from told
)
select account_id from told
