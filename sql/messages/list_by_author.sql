-- A page of what somebody wrote, newest first. Shape: many, message_rows, at most size + 1. Index: messages_by_author.
-- psql -v author_id=1 -v viewer_id=0 -v back=false -v id=9223372036854775807 -v size=50 -f sql/messages/list_by_author.sql
with page as (
    (
        select m.id
        from messages m
        join threads t on t.id = m.thread_id
        where m.deleted_at is null
          and t.deleted_at is null
          and m.author_id = :author_id
          and not cast(:back as boolean)
          and m.id < cast(:id as bigint)
        order by m.id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select m.id
        from messages m
        join threads t on t.id = m.thread_id
        where m.deleted_at is null
          and t.deleted_at is null
          and m.author_id = :author_id
          and cast(:back as boolean)
          and m.id > cast(:id as bigint)
        order by m.id asc
        limit cast(:size as bigint) + 1
    )
)
select
    m.*,
    coalesce((select v.value from votes v where v.message_id = m.id and v.account_id = :viewer_id), 0) as my_vote
from page
join message_rows m using (id)
order by m.id desc
