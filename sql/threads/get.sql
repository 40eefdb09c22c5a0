-- A thread, deleted ones too, with its board. Shape: one. Index: threads_pkey.
-- psql -v thread_id=1 -f sql/threads/get.sql
select
    t.id,
    t.title,
    t.author_id,
    a.name as author_name,
    t.opening_id,
    t.created_at,
    t.last_activity_at,
    t.message_count,
    t.ups,
    t.downs,
    t.score,
    t.all_score,
    t.locked_at,
    t.deleted_at,
    t.deleted_by,
    t.purged_at,
    b.id as board_id,
    b.slug as board_slug,
    b.name as board_name
from threads t
join accounts a on a.id = t.author_id
join boards b on b.id = t.board_id
where t.id = :thread_id
