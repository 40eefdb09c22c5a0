-- Trust no device any more. Shape: value, the account's id. Index: authenticators_pkey.
-- psql -v account_id=1 -f sql/factors/distrust.sql
update authenticators
set version = gen_random_uuid()
where account_id = :account_id
returning account_id
