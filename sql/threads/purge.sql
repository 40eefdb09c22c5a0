-- Remove the titles of threads that were deleted long enough ago and whose messages are gone. Shape: many, ids.
-- Index: threads_to_purge.
-- psql -v minutes=10 -f sql/threads/purge.sql
update threads t
set title = '', purged_at = now()
where t.deleted_at < now() - make_interval(mins => :minutes)
  and t.purged_at is null
  and not exists (
    select from messages m
    where m.thread_id = t.id
      and m.purged_at is null
  )
returning t.id
