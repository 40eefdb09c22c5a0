-- Take a code that is right, once: a code of the same half minute or of an earlier one is none any more. The secret is
-- the same, encrypted by the newest key. Shape: value, the factors' version, or nothing. Index: authenticators_pkey.
-- psql -v account_id=1 -v version="'00000000-0000-0000-0000-000000000000'" -v step=1 -v secret="'x'" -f sql/factors/accept.sql
update authenticators
set last_step = :step, tries = 0, open_at = now(), secret = :secret
where account_id = :account_id
  and version = :version
  and enabled_at is not null
  and last_step < :step
returning version
