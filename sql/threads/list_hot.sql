-- A page of threads. Votes, answers and age together: hot_rank in migration 0002.
-- Shape: many, thread_cards with the viewer's own vote, at most size + 1. Index: threads_by_hot.
-- A limit that is a parameter tells the planner nothing; by the constant one it knows that a page is small, and keeps
-- its plan: 0.2 ms instead of 0.7. A page has 100 rows at most, see board/kit/config.py.
-- psql -v viewer_id=0 -v back=false -v key="'infinity'" -v id=9223372036854775807 -v size=25 -f sql/threads/list_hot.sql
with page as (
    (
        select id, hot
        from (
            select id, hot
            from threads
            where deleted_at is null
              and not cast(:back as boolean)
              and (hot, id) < (cast(:key as double precision), cast(:id as bigint))
            order by hot desc, id desc
            limit 101
        ) nearest
        order by hot desc, id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select id, hot
        from (
            select id, hot
            from threads
            where deleted_at is null
              and cast(:back as boolean)
              and (hot, id) > (cast(:key as double precision), cast(:id as bigint))
            order by hot asc, id asc
            limit 101
        ) nearest
        order by hot asc, id asc
        limit cast(:size as bigint) + 1
    )
)
select
    c.*,
    coalesce((select v.value from votes v where v.message_id = c.opening_id and v.account_id = :viewer_id), 0) as my_vote
from page
join thread_cards c using (id)
order by page.hot desc, page.id desc
