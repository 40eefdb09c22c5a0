-- Lock a thread against new messages and votes, or unlock it. Shape: value, the id.
-- psql -v thread_id=1 -v locked=true -v moderates=true -v boards="'{}'" -f sql/threads/set_lock.sql
update threads
set locked_at = case when cast(:locked as boolean) then coalesce(locked_at, now()) end
where id = :thread_id
  and deleted_at is null
  and (cast(:moderates as boolean) or board_id = any(cast(:boards as integer[])))
returning id
