-- Delete a thread with all that is in it. Shape: value, the id, or nothing if it is not the viewer's to delete.
-- Deleting it again changes nothing and gives the id too. Index: threads_pkey.
-- psql -v thread_id=1 -v viewer_id=1 -v moderates=false -v boards="'{}'" -f sql/threads/delete.sql
update threads
set deleted_at = coalesce(deleted_at, now()), deleted_by = coalesce(deleted_by, :viewer_id)
where id = :thread_id
  and (author_id = :viewer_id or cast(:moderates as boolean) or board_id = any(cast(:boards as integer[])))
returning id
