-- Put the same secret under another key, unless it is another secret by now. Shape: value, the account's id, or nothing.
-- Index: authenticators_pkey.
-- psql -v account_id=1 -v sealed="'x'" -v anew="'y'" -f sql/factors/reseal.sql
update authenticators
set secret = :anew
where account_id = :account_id
  and secret = :sealed
returning account_id
