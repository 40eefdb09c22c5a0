-- Begin a session. Shape: value, its end.
-- psql -v token_hash="'\x00'" -v account_id=1 -v days=30 -f sql/sessions/create.sql
insert into sessions (token_hash, account_id, expires_at)
values (:token_hash, :account_id, now() + make_interval(days => :days))
returning expires_at
