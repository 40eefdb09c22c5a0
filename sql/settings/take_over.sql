-- Give an account settings, if it has none. Shape: value, the id, or nothing. Index: accounts_pkey.
-- psql -v account_id=1 -v settings="'theme:dark'" -f sql/settings/take_over.sql
update accounts
set settings = :settings
where id = :account_id
  and settings is null
returning id
