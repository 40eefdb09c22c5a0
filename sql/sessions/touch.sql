-- Prolong a session that is in use. Shape: value, its new end. Index: sessions_pkey.
-- psql -v token_hash="'\x00'" -v days=30 -f sql/sessions/touch.sql
update sessions
set touched_at = now(), expires_at = now() + make_interval(days => :days)
where token_hash = :token_hash
returning expires_at
