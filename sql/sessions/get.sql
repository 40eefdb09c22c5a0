-- The account behind a session with the boards it moderates and when it is to go, and whether the session is due to be
-- prolonged; nobody who is suspended, from that moment on. Shape: one. Index: sessions_pkey.
-- psql -v token_hash="'\x00'" -f sql/sessions/get.sql
select
    a.id,
    a.name,
    a.role,
    a.settings,
    array(select b.board_id from board_moderators b where b.account_id = a.id) as boards,
    (select d.due_at from departures d where d.account_id = a.id) as leaves_at,
    s.id as session_id,
    s.remembered,
    s.touched_at < now() - interval '1 hour' as stale
from sessions s
join accounts a on a.id = s.account_id
where s.token_hash = :token_hash
  and s.expires_at > now()
  and (a.suspended_until is null or a.suspended_until <= now())
