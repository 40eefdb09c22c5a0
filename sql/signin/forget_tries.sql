-- Forget what is at rest. Shape: many. Index: sign_in_tries_by_time.
-- psql -f sql/signin/forget_tries.sql
delete from sign_in_tries
where tried_at < now() - interval '1 day'
returning key
