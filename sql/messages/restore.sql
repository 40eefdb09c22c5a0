-- Undo the deletion of a message in time. Shape: value, the thread's id, or nothing if it is too late or not the viewer's
-- deletion. threads/settle.sql follows. Index: messages_pkey.
-- psql -v message_id=2 -v viewer_id=1 -v moderates=false -v minutes=10 -f sql/messages/restore.sql
update messages
set deleted_at = null, deleted_by = null
where id = :message_id
  and deleted_at > now() - make_interval(mins => :minutes)
  and purged_at is null
  and (deleted_by = :viewer_id or cast(:moderates as boolean))
returning thread_id
