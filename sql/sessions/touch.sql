-- Prolong a session that is in use by its idle seconds, but not beyond the most seconds from its beginning. Shape: value,
-- the seconds that it has left. Index: sessions_pkey.
-- psql -v token_hash="'\x00'" -v idle=2592000 -v most=31536000 -v network="'203.0.*.*'" -f sql/sessions/touch.sql
update sessions
set
    touched_at = now(),
    network = :network,
    expires_at = least(now() + make_interval(secs => :idle), created_at + make_interval(secs => :most))
where token_hash = :token_hash
returning cast(ceil(extract(epoch from expires_at - now())) as integer)
