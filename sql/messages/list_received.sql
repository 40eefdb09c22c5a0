-- A page of what somebody wrote, what got the most points first, with how many voted and never who. Shape: many,
-- message_rows with the viewer's own vote, at most size + 1. Index: messages_by_author_and_score.
-- psql -v author_id=1 -v viewer_id=0 -v back=false -v key=2147483647 -v id=9223372036854775807 -v size=50 -f sql/messages/list_received.sql
with page as (
    (
        select m.id
        from messages m
        where m.deleted_at is null
          and m.author_id = :author_id
          and not cast(:back as boolean)
          and (m.score, m.id) < (cast(:key as integer), cast(:id as bigint))
          and (select t.deleted_at is null from threads t where t.id = m.thread_id)
        order by m.score desc, m.id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select m.id
        from messages m
        where m.deleted_at is null
          and m.author_id = :author_id
          and cast(:back as boolean)
          and (m.score, m.id) > (cast(:key as integer), cast(:id as bigint))
          and (select t.deleted_at is null from threads t where t.id = m.thread_id)
        order by m.score asc, m.id asc
        limit cast(:size as bigint) + 1
    )
)
select
    m.*,
    coalesce((select v.value from votes v where v.message_id = m.id and v.account_id = :viewer_id), 0) as my_vote
from page
join message_rows m using (id)
order by m.score desc, m.id desc
