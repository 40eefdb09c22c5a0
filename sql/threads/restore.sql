-- Undo the deletion of a thread in time. Shape: value, the id, or nothing if it is too late or not the viewer's deletion.
-- psql -v thread_id=1 -v viewer_id=1 -v moderates=false -v boards="'{}'" -v minutes=10 -f sql/threads/restore.sql
update threads
set deleted_at = null, deleted_by = null
where id = :thread_id
  and deleted_at > now() - make_interval(mins => :minutes)
  and purged_at is null
  and (deleted_by = :viewer_id or cast(:moderates as boolean) or board_id = any(cast(:boards as integer[])))
returning id
