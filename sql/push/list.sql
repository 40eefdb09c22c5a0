-- The browsers that a person is told in, the last one on top. Shape: many. Index: push_subscriptions_by_account.
-- psql -v account_id=7 -f sql/push/list.sql
select p.id, p.session_id, p.created_at, s.device
from push_subscriptions p
join sessions s on s.id = p.session_id
where p.account_id = :account_id
order by p.id desc
