-- Tell one of one's own browsers no more. Shape: value, the id, or nothing if there was none. Index: push_subscriptions_pkey.
-- psql -v id=1 -v account_id=1 -f sql/push/unsubscribe.sql
delete from push_subscriptions
where id = :id
  and account_id = :account_id
returning id
