-- In how many browsers somebody is told of answers, for their own page. Shape: many, (what, amount, told, at); see
-- board/people/account.py. Index: push_subscriptions_by_account.
-- psql -v account_id=7 -f sql/push/list_kept.sql
select 'browser' as what, count(*) as amount, cast(null as text) as told, max(created_at) as at
from push_subscriptions
where account_id = :account_id
