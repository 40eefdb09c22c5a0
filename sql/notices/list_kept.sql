-- How much is written down of what happened to an account, and of what was decided about it, for its own page.
-- Shape: many, (what, amount, told, at); see board/people/account.py. Index: account_events_by_account.
-- psql -v account_id=2 -f sql/notices/list_kept.sql
select 'event' as what, count(*) as amount, cast(null as text) as told, max(created_at) as at
from account_events
where account_id = :account_id
union all
select 'decision', count(*), null, max(done_at)
from deeds
where account_id = :account_id
