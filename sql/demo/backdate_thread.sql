-- Give a thread of the demo the times of its messages. Shape: one.
-- psql -v thread_id=1 -f sql/demo/backdate_thread.sql
update threads t
set created_at = m.first_at, last_activity_at = m.last_at
from (
    select min(created_at) as first_at, max(created_at) as last_at
    from messages
    where thread_id = :thread_id
) m
where t.id = :thread_id
returning t.id, t.last_activity_at
