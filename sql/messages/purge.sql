-- Remove what deleted messages, and those of deleted threads, said: text, earlier texts, who voted, which pictures.
-- At most a batch at a time, so that a thread of 50,000 does not hold the others up. Shape: many, ids.
-- Index: messages_to_purge, threads_to_purge.
-- psql -v minutes=10 -v batch=500 -f sql/messages/purge.sql
with due as (
    (
        select id
        from messages
        where purged_at is null
          and deleted_at < now() - make_interval(mins => :minutes)
        limit cast(:batch as bigint)
    )
    union
    (
        select m.id
        from threads t
        join messages m on m.thread_id = t.id
        where t.purged_at is null
          and t.deleted_at < now() - make_interval(mins => :minutes)
          and m.purged_at is null
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
    delete from revisions using purged where message_id = purged.id
),
without_votes as (
    delete from votes using purged where message_id = purged.id
),
without_pictures as (
    delete from message_pictures using purged where message_id = purged.id returning picture_key
),
-- Not to wait for the day that an upload which nobody has used yet is given.
released as (
    update pictures set touched_at = '-infinity' where key in (select picture_key from without_pictures)
)
select id
from purged
