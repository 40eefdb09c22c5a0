-- Remove what deleted messages, and those of deleted threads, said: text, earlier texts, who voted, which pictures.
-- At most a batch at a time, so that a thread of 50,000 does not hold the others up. What is due is held first, messages
-- before threads and in the order of their ids, as votes/cast.sql does: an undo that is being committed comes before us,
-- and then it is not due any more. Shape: one (removed, a number; pictures, the keys that its messages had).
-- Index: messages_to_purge, threads_to_purge. The arrays keep the planner to the primary keys: a join would read all votes.
-- psql -v minutes=10 -v batch=500 -f sql/messages/purge.sql
with found as (
    (
        select id
        from messages
        where purged_at is null
          and deleted_at is not null
          and deleted_at < now() - make_interval(mins => :minutes)
        limit cast(:batch as bigint)
    )
    union
    (
        select m.id
        from threads t
        join messages m on m.thread_id = t.id
        where t.purged_at is null
          and t.deleted_at is not null
          and t.deleted_at < now() - make_interval(mins => :minutes)
          and m.purged_at is null
        limit cast(:batch as bigint)
    )
),
held_messages as (
    select id, thread_id, deleted_at < now() - make_interval(mins => :minutes) as due
    from messages
    where id = any(array(select id from found))
      and purged_at is null
    order by id
    for no key update
),
held_threads as (
    select id
    from threads
    where id = any(array(select thread_id from held_messages))
      and deleted_at < now() - make_interval(mins => :minutes)
    order by id
    for no key update
),
purged as (
    update messages
    set text = '', html = '', purged_at = now(), deleted_at = coalesce(deleted_at, now())
    where id = any(array(
        select m.id
        from held_messages m
        left join held_threads t on t.id = m.thread_id
        where m.due or t.id is not null
    ))
    returning id
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
select
    (select count(*) from purged) as removed,
    array(select distinct picture_key from without_pictures) as pictures
