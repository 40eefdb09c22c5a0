-- From here on the app is asked for, since a code of it was right. The secret is the one that made the code.
-- Shape: value, the account's id, or nothing if it was set up already. Index: authenticators_pkey.
-- psql -v account_id=1 -v secret="'x'" -v step=1 -f sql/factors/enable.sql
update authenticators
set enabled_at = now(), last_step = :step, tries = 0
where account_id = :account_id
  and enabled_at is null
  and secret = :secret
returning account_id
