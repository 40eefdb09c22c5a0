-- Show the backup codes no more. Shape: value, the account's id. Index: authenticators_pkey.
-- psql -v account_id=1 -f sql/factors/hide_codes.sql
update authenticators
set fresh_codes = null, fresh_until = null
where account_id = :account_id
returning account_id
