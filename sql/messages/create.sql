-- Answer in a thread that is open, and count the answer. Shape: value, the id; nothing if the thread is locked or gone,
-- or if the form was sent before. Holding the thread's row keeps a lock that is set meanwhile from being overlooked.
-- psql -v thread_id=1 -v author_id=1 -v reply_to=null -v text="'Hello'" -v html="'<p>Hello'" -v form_key="'00000000-0000-0000-0000-000000000000'" -f sql/messages/create.sql
with thread as (
    select id, author_id
    from threads
    where id = :thread_id
      and deleted_at is null
      and locked_at is null
    for no key update
),
message as (
    insert into messages (thread_id, author_id, reply_to, text, html, form_key)
    select
        thread.id,
        :author_id,
        (select m.id from messages m where m.id = cast(:reply_to as bigint) and m.thread_id = thread.id and m.deleted_at is null),
        :text,
        :html,
        cast(:form_key as uuid)
    from thread
    on conflict (author_id, form_key) do nothing
    returning id, thread_id, author_id, created_at
),
counted as (
    update threads t
    set message_count = t.message_count + 1,
        others_points = t.others_points + case when message.author_id = t.author_id then 0 else 1 end,
        last_activity_at = greatest(t.last_activity_at, message.created_at)
    from message
    where t.id = message.thread_id
    returning t.id
)
select message.id
from message
join counted on counted.id = message.thread_id
