-- Forget the sessions that are over. Shape: many. Index: sessions_by_end.
-- psql -f sql/sessions/delete_expired.sql
delete from sessions
where expires_at < now()
returning account_id
