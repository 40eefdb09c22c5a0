-- Delete a message: one's own, or for moderators any, or any in their boards; the opening goes with its thread
-- only. Shape: value, the thread's id, or nothing if it is not the viewer's to delete, or deleted already. threads/settle.sql follows.
-- Index: messages_pkey or messages_by_author.
-- psql -v message_id=2 -v viewer_id=1 -v moderates=false -v boards="'{}'" -f sql/messages/delete.sql
update messages m
set deleted_at = now(), deleted_by = :viewer_id
from threads t
where m.id = :message_id
  and m.deleted_at is null
  and (m.author_id = :viewer_id or cast(:moderates as boolean) or t.board_id = any(cast(:boards as integer[])))
  and t.id = m.thread_id
  and t.deleted_at is null
  and t.opening_id <> m.id
returning m.thread_id
