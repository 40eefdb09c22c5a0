-- A page of a thread's messages, in the order in which they were written; its opening, which stands before them all, only if asked for.
-- Shape: many, message_rows with the viewer's own vote, at most size + 1 besides the opening. Index: messages_by_thread.
-- psql -v thread_id=1 -v opening_id=1 -v opening=true -v viewer_id=0 -v back=false -v id=0 -v size=50 -f sql/messages/list_oldest.sql
with page as (
    select cast(:opening_id as bigint) as id
    where cast(:opening as boolean)
    union all
    (
        select id
        from messages
        where thread_id = :thread_id
          and id <> cast(:opening_id as bigint)
          and not cast(:back as boolean)
          and id > cast(:id as bigint)
        order by id asc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select id
        from messages
        where thread_id = :thread_id
          and id <> cast(:opening_id as bigint)
          and cast(:back as boolean)
          and id < cast(:id as bigint)
        order by id desc
        limit cast(:size as bigint) + 1
    )
)
select
    m.*,
    coalesce((select v.value from votes v where v.message_id = m.id and v.account_id = :viewer_id), 0) as my_vote
from page
join message_rows m using (id)
order by m.opening desc, m.id
