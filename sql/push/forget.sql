-- The push service says that a browser is gone. Shape: value, the id. Index: push_subscriptions_pkey.
-- psql -v id=1 -f sql/push/forget.sql
delete from push_subscriptions
where id = :id
returning id
