-- Forget the links that are over. Shape: many. Index: links_by_end.
-- psql -f sql/links/delete_expired.sql
delete from links
where expires_at <= now()
returning account_id
