-- The account behind a session, and whether the session is due to be prolonged. Shape: one. Index: sessions_pkey.
-- psql -v token_hash="'\x00'" -f sql/sessions/get.sql
select a.id, a.name, a.role, s.touched_at < now() - interval '1 day' as stale
from sessions s
join accounts a on a.id = s.account_id
where s.token_hash = :token_hash
  and s.expires_at > now()
