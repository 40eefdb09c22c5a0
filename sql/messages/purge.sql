-- Remove what deleted messages, and those of deleted threads, said: text, earlier texts, who voted, which pictures.
-- At most a batch at a time, so that a thread of 50,000 does not hold the others up. What is due is held first: an undo
-- that is being committed comes before us, and then it is not due any more. Shape: many, ids.
-- Index: messages_to_purge, threads_to_purge. The arrays keep the planner to the primary keys: a join would read all votes.
-- psql -v minutes=10 -v batch=500 -f sql/messages/purge.sql
with due_messages as (
    select id
    from messages
    where purged_at is null
      and deleted_at is not null
      and deleted_at < now() - make_interval(mins => :minutes)
    limit cast(:batch as bigint)
    for no key update
),
due_threads as (
    select id
    from threads
    where purged_at is null
      and deleted_at is not null
      and deleted_at < now() - make_interval(mins => :minutes)
    limit cast(:batch as bigint)
    for no key update
),
due as (
    select id
    from due_messages
    union
    (
        select m.id
        from due_threads t
        join messages m on m.thread_id = t.id
        where m.purged_at is null
        limit cast(:batch as bigint)
    )
),
purged as (
    update messages m
    set text = '', html = '', purged_at = now(), deleted_at = coalesce(m.deleted_at, now())
    from due
    where m.id = due.id
    returning m.id
),
without_revisions as (
    delete from revisions where message_id = any(array(select id from purged))
),
without_votes as (
    delete from votes where message_id = any(array(select id from purged))
),
without_pictures as (
    delete from message_pictures where message_id = any(array(select id from purged)) returning picture_key
),
-- Not to wait for the day that an upload which nobody has used yet is given; unless somebody has just sent it again.
released as (
    update pictures
    set touched_at = '-infinity'
    where key = any(array(select picture_key from without_pictures))
      and touched_at < now() - make_interval(mins => :minutes)
)
select id
from purged
