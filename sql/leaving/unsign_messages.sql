-- Take the author's name off messages that are held, with their threads. What was the author's own in a thread of theirs
-- counts like an answer of somebody else's from now on, as everything of account -1 does.
-- Shape: value, how many. Index: messages_pkey.
-- psql -v account_id=1 -v ids="'{1}'" -f sql/leaving/unsign_messages.sql
with unsigned as (
    update messages m
    set author_id = -1,
        form_key = gen_random_uuid(),
        deleted_by = case when m.deleted_by = :account_id then -1 else m.deleted_by end
    where m.id = any(cast(:ids as bigint[]))
    returning m.thread_id, m.score, m.deleted_at
),
points as (
    select thread_id, sum(score + 1) as points
    from unsigned
    where deleted_at is null
    group by thread_id
),
moved as (
    update threads t
    set others_points = t.others_points + p.points
    from points p
    where t.id = p.thread_id
      and t.author_id = :account_id
    returning t.id
)
select count(*)
from unsigned
