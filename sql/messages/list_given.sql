-- A page of what somebody voted on, the newest messages first, with their vote. Shape: many, message_rows with the
-- viewer's own vote and the person's (given), at most size + 1. Index: votes_by_account.
-- psql -v account_id=1 -v viewer_id=0 -v back=false -v id=9223372036854775807 -v size=50 -f sql/messages/list_given.sql
with page as (
    (
        select v.message_id as id, v.value as given
        from votes v
        where v.account_id = :account_id
          and not cast(:back as boolean)
          and v.message_id < cast(:id as bigint)
          and v.value <> 0
          and (
            select m.deleted_at is null and t.deleted_at is null
            from messages m
            join threads t on t.id = m.thread_id
            where m.id = v.message_id
          )
        order by v.message_id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select v.message_id as id, v.value as given
        from votes v
        where v.account_id = :account_id
          and cast(:back as boolean)
          and v.message_id > cast(:id as bigint)
          and v.value <> 0
          and (
            select m.deleted_at is null and t.deleted_at is null
            from messages m
            join threads t on t.id = m.thread_id
            where m.id = v.message_id
          )
        order by v.message_id asc
        limit cast(:size as bigint) + 1
    )
)
select
    m.*,
    page.given,
    coalesce((select v.value from votes v where v.message_id = m.id and v.account_id = :viewer_id), 0) as my_vote
from page
join message_rows m using (id)
order by m.id desc
