-- Undo the deletion of a message in time. Shape: value, the thread's id, or nothing if it is too late or not the viewer's
-- deletion. threads/settle.sql follows. Index: messages_pkey or messages_by_deleter.
-- psql -v message_id=2 -v viewer_id=1 -v moderates=false -v boards="'{}'" -v minutes=10 -f sql/messages/restore.sql
update messages m
set deleted_at = null, deleted_by = null
from threads t
where m.id = :message_id
  and t.id = m.thread_id
  and m.deleted_at > now() - make_interval(mins => :minutes)
  and m.purged_at is null
  and (m.deleted_by = :viewer_id or cast(:moderates as boolean) or t.board_id = any(cast(:boards as integer[])))
returning m.thread_id
