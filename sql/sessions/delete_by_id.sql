-- End a session of one's own out of the list. Shape: value, its id, or nothing if it was over.
-- Index: a_session_has_its_number.
-- psql -v session_id=1 -v account_id=1 -f sql/sessions/delete_by_id.sql
delete from sessions
where id = :session_id
  and account_id = :account_id
returning id
