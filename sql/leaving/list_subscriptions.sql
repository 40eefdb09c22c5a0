-- The browsers that are told of answers, for an export: by which service, nothing to tell them with. Shape: many.
-- psql -v account_id=1 -f sql/leaving/list_subscriptions.sql
select split_part(endpoint, '/', 3) as service, created_at
from push_subscriptions
where account_id = :account_id
order by id
