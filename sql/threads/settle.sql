-- Take a message that was deleted out of its thread's sums (sign -1), or put it back (sign 1). Shape: value, the id.
-- The thread's row must be held: threads/hold.sql. Index: messages_by_thread, read from its end.
-- psql -v message_id=2 -v sign=-1 -f sql/threads/settle.sql
update threads t
set message_count = t.message_count + :sign,
    all_ups = t.all_ups + :sign * m.ups,
    all_downs = t.all_downs + :sign * m.downs,
    others_points = t.others_points + case when m.author_id = t.author_id and t.author_id > 0 then 0 else :sign * (m.score + 1) end,
    last_activity_at = (
        select last.created_at
        from messages last
        where last.thread_id = t.id
          and (last.deleted_at is null or last.id = t.opening_id)
        order by last.id desc
        limit 1
    )
from messages m
where m.id = :message_id
  and t.id = m.thread_id
returning t.id
