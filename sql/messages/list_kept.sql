-- How much somebody wrote, for their own page. Shape: many, (what, amount, told, at); see board/people/account.py.
-- Index: messages_by_author or messages_by_author_and_score.
-- psql -v account_id=2 -f sql/messages/list_kept.sql
with written as (
    select id
    from messages
    where deleted_at is null
      and author_id = :account_id
)
select 'thread' as what, count(*) as amount, cast(null as text) as told, cast(null as timestamptz) as at
from threads
where deleted_at is null
  and author_id = :account_id
union all
select 'message', count(*), null, null
from written
union all
select 'picture', count(mp.message_id), null, null
from written
cross join lateral (select p.message_id from message_pictures p where p.message_id = written.id) mp
union all
select 'earlier text', count(r.message_id), null, null
from written
cross join lateral (select e.message_id from revisions e where e.message_id = written.id) r
