-- A page of what somebody wrote, newest first, as far as the filters let it through; list_by_author_back is the way back.
-- Only `reach` messages from the cursor on are looked at, so that a search that finds nothing among 100,000 costs no more
-- than that. Shape: many, message_rows with the viewer's own vote, at most size + 1; or one row without an id. Where the
-- reach ended before the page was full, each row says at which message (reached_at, reached_id).
-- Subselects instead of joins: one look-up for each message that is looked at, whatever the planner thinks of the filter.
-- Index: messages_by_author.
-- psql -v author_id=1 -v viewer_id=0 -v key="'9999-01-01'" -v id=9223372036854775807 -v since="'-infinity'" -v until="'infinity'" -v board="''" -v kind="''" -v pictures=false -v least=-2147483648 -v patterns="'{}'" -v reach=5000 -v size=50 -f sql/messages/list_by_author.sql
with looked_at as (
    select id, created_at, thread_id, score
    from messages
    where deleted_at is null
      and author_id = :author_id
      and (created_at, id) < (cast(:key as timestamptz), cast(:id as bigint))
      and created_at >= cast(:since as timestamptz)
      and created_at < cast(:until as timestamptz)
    order by created_at desc, id desc
    limit cast(:reach as bigint)
),
page as (
    select l.id, l.created_at
    from looked_at l
    where l.score >= cast(:least as integer)
      and (
        select t.deleted_at is null
            and (:board = '' or t.board_id = (select b.id from boards b where b.slug = :board))
            and (:kind = '' or (t.opening_id = l.id) = (:kind = 'opening'))
        from threads t
        where t.id = l.thread_id
      )
      and (
        not cast(:pictures as boolean)
        or (select true from message_pictures mp where mp.message_id = l.id limit 1)
      )
      and (
        cardinality(cast(:patterns as text[])) = 0
        or (select lower(m.text) like all(cast(:patterns as text[])) from messages m where m.id = l.id)
      )
    order by l.created_at desc, l.id desc
    limit cast(:size as bigint) + 1
),
reached as (
    select created_at as reached_at, id as reached_id
    from looked_at
    where (select count(*) from page) <= cast(:size as bigint)
      and (select count(*) from looked_at) = cast(:reach as bigint)
    order by created_at asc, id asc
    limit 1
)
select
    m.*,
    coalesce((select v.value from votes v where v.message_id = m.id and v.account_id = :viewer_id), 0) as my_vote,
    r.*
from (select) one
left join reached r on true
left join (page join message_rows m using (id)) on true
order by m.created_at desc, m.id desc
