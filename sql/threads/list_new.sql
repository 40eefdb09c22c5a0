-- A page of threads. The thread that was started last comes first.
-- Shape: many, thread_cards with the viewer's own vote, at most size + 1. Index: threads_by_time.
-- A limit that is a parameter tells the planner nothing; by the constant one it knows that a page is small, and keeps
-- its plan: 0.2 ms instead of 0.7. A page has 100 rows at most, see board/kit/config.py.
-- psql -v viewer_id=0 -v back=false -v key="'infinity'" -v id=9223372036854775807 -v size=25 -f sql/threads/list_new.sql
with page as (
    (
        select id, created_at
        from (
            select id, created_at
            from threads
            where deleted_at is null
              and not cast(:back as boolean)
              and (created_at, id) < (cast(:key as timestamptz), cast(:id as bigint))
            order by created_at desc, id desc
            limit 101
        ) nearest
        order by created_at desc, id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select id, created_at
        from (
            select id, created_at
            from threads
            where deleted_at is null
              and cast(:back as boolean)
              and (created_at, id) > (cast(:key as timestamptz), cast(:id as bigint))
            order by created_at asc, id asc
            limit 101
        ) nearest
        order by created_at asc, id asc
        limit cast(:size as bigint) + 1
    )
)
select
    c.*,
    coalesce((select v.value from votes v where v.message_id = c.opening_id and v.account_id = :viewer_id), 0) as my_vote
from page
join thread_cards c using (id)
order by page.created_at desc, page.id desc
