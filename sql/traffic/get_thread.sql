-- A thread with how often it was opened on each day since one, for its author and for those who may see all of it.
-- Shape: one; `days` is an array of [day, views]. Index: threads_pkey or threads_by_author, traffic_threads_pkey.
-- psql -v thread_id=1 -v viewer_id=1 -v sees_all=false -v since="'2026-01-01'" -f sql/traffic/get_thread.sql
select
    t.id,
    t.title,
    t.created_at,
    (
        select jsonb_agg(jsonb_build_array(v.day, v.views))
        from traffic_threads v
        where v.thread_id = t.id
          and v.day >= cast(:since as date)
    ) as days
from threads t
where t.id = :thread_id
  and t.deleted_at is null
  and (t.author_id = cast(:viewer_id as bigint) or cast(:sees_all as boolean))
