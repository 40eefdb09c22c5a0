-- Remove what messages said that are held, with their threads: text, earlier texts, votes, pictures; and take them out of
-- the sums. That there was a message stays, so that its answers keep their place.
-- Shape: one (removed, a number; pictures, the keys that they had). Index: messages_pkey, threads_pkey.
-- psql -v account_id=1 -v ids="'{1}'" -v minutes=10 -f sql/leaving/remove_messages.sql
with found as (
    select m.id, m.thread_id, m.ups, m.downs, m.score, m.deleted_at
    from messages m
    where m.id = any(cast(:ids as bigint[]))
),
sums as (
    select thread_id, count(*) as messages, sum(ups) as ups, sum(downs) as downs, sum(score + 1) as points
    from found
    where deleted_at is null
    group by thread_id
),
settled as (
    update threads t
    set message_count = t.message_count - s.messages,
        all_ups = t.all_ups - s.ups,
        all_downs = t.all_downs - s.downs,
        others_points = t.others_points - case when t.author_id = :account_id then 0 else s.points end,
        ups = case when t.opening_id = any(cast(:ids as bigint[])) then 0 else t.ups end,
        downs = case when t.opening_id = any(cast(:ids as bigint[])) then 0 else t.downs end,
        last_activity_at = coalesce(
            (
                select last.created_at
                from messages last
                where last.thread_id = t.id
                  and last.deleted_at is null
                  and last.id <> all(cast(:ids as bigint[]))
                order by last.id desc
                limit 1
            ),
            t.last_activity_at
        )
    from sums s
    where t.id = s.thread_id
    returning t.id
),
removed as (
    update messages m
    set text = '',
        html = '',
        author_id = -1,
        form_key = gen_random_uuid(),
        deleted_at = coalesce(m.deleted_at, now()),
        purged_at = coalesce(m.purged_at, now()),
        deleted_by = case when m.deleted_at is null or m.deleted_by = :account_id then -1 else m.deleted_by end
    from found
    where m.id = found.id
    returning m.id
),
without_revisions as (
    delete from revisions where message_id = any(array(select id from removed))
),
without_votes as (
    delete from votes where message_id = any(array(select id from removed))
),
without_pictures as (
    delete from message_pictures where message_id = any(array(select id from removed)) returning picture_key
),
-- Not to wait for the day that an upload which nobody has used yet is given; unless somebody has just sent it again.
released as (
    update pictures
    set touched_at = '-infinity'
    where key = any(array(select picture_key from without_pictures))
      and touched_at < now() - make_interval(mins => :minutes)
)
select
    (select count(*) from removed) as removed,
    array(select distinct picture_key from without_pictures) as pictures
