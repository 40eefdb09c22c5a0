-- Where a message is in its thread, for its permanent address: `after` is a message some before it on a page that holds
-- it, or null if the first page does. Shape: one. Index: messages_by_thread.
-- psql -v message_id=1 -v size=50 -f sql/messages/get_place.sql
select
    m.thread_id,
    case when before.found >= cast(:size as bigint) then before.after end as after
from messages m
join threads t on t.id = m.thread_id
cross join lateral (
    select count(*) as found, min(id) filter (where place <= 4) as after
    from (
        select id, row_number() over (order by id desc) as place
        from messages earlier
        where earlier.thread_id = m.thread_id
          and earlier.id < m.id
          and earlier.id <> t.opening_id
        order by id desc
        limit cast(:size as bigint)
    ) nearest
) before
where m.id = :message_id
