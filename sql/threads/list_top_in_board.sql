-- A page of threads of a board. The best score of the opening message comes first, among the threads started since a time.
-- Shape: many, thread_cards with the viewer's own vote, at most size + 1. Index: threads_by_board_and_score or threads_by_board_and_time,
-- whichever reads less: few threads are young, and of all threads few are read to find the best.
-- psql -v board_id=1 -v since="'-infinity'" -v viewer_id=0 -v back=false -v key=2147483647 -v id=9223372036854775807 -v size=25 -f sql/threads/list_top_in_board.sql
with page as (
    (
        select id, score
        from threads
        where deleted_at is null
          and board_id = :board_id
          and created_at >= cast(:since as timestamptz)
          and not cast(:back as boolean)
          and (score, id) < (cast(:key as integer), cast(:id as bigint))
        order by score desc, id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select id, score
        from threads
        where deleted_at is null
          and board_id = :board_id
          and created_at >= cast(:since as timestamptz)
          and cast(:back as boolean)
          and (score, id) > (cast(:key as integer), cast(:id as bigint))
        order by score asc, id asc
        limit cast(:size as bigint) + 1
    )
)
select
    c.*,
    coalesce((select v.value from votes v where v.message_id = c.opening_id and v.account_id = :viewer_id), 0) as my_vote
from page
join thread_cards c using (id)
order by page.score desc, page.id desc
