-- A page of the threads that somebody started, newest first. Shape: many, thread_cards with the viewer's own vote, at most size + 1.
-- Index: threads_by_author.
-- psql -v author_id=1 -v viewer_id=0 -v back=false -v id=9223372036854775807 -v size=25 -f sql/threads/list_by_author.sql
with page as (
    (
        select id
        from threads
        where deleted_at is null
          and author_id = :author_id
          and not cast(:back as boolean)
          and id < cast(:id as bigint)
        order by id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select id
        from threads
        where deleted_at is null
          and author_id = :author_id
          and cast(:back as boolean)
          and id > cast(:id as bigint)
        order by id asc
        limit cast(:size as bigint) + 1
    )
)
select
    c.*,
    coalesce((select v.value from votes v where v.message_id = c.opening_id and v.account_id = :viewer_id), 0) as my_vote
from page
join thread_cards c using (id)
order by page.id desc
