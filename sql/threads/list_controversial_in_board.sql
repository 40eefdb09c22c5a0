-- A page of threads of a board. Many votes, evenly split, come first: controversy in migration 0002.
-- Shape: many, thread_cards with the viewer's own vote, at most size + 1. Index: threads_by_board_and_controversy.
-- A limit that is a parameter tells the planner nothing; by the constant one it knows that a page is small, and keeps
-- its plan: 0.2 ms instead of 0.7. A page has 100 rows at most, see board/kit/config.py.
-- psql -v board_id=1 -v viewer_id=0 -v back=false -v key="'infinity'" -v id=9223372036854775807 -v size=25 -f sql/threads/list_controversial_in_board.sql
with page as (
    (
        select id, controversy
        from (
            select id, controversy
            from threads
            where deleted_at is null
              and board_id = :board_id
              and not cast(:back as boolean)
              and (controversy, id) < (cast(:key as double precision), cast(:id as bigint))
            order by controversy desc, id desc
            limit 101
        ) nearest
        order by controversy desc, id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select id, controversy
        from (
            select id, controversy
            from threads
            where deleted_at is null
              and board_id = :board_id
              and cast(:back as boolean)
              and (controversy, id) > (cast(:key as double precision), cast(:id as bigint))
            order by controversy asc, id asc
            limit 101
        ) nearest
        order by controversy asc, id asc
        limit cast(:size as bigint) + 1
    )
)
select
    c.*,
    coalesce((select v.value from votes v where v.message_id = c.opening_id and v.account_id = :viewer_id), 0) as my_vote
from page
join thread_cards c using (id)
order by page.controversy desc, page.id desc
