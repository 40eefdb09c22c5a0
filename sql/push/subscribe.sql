-- Tell a browser from now on; one that somebody else had told has a new owner. Shape: value, the id, or nothing if there
-- are `most` already, or the session is over. Index: push_subscriptions_by_account.
-- psql -v account_id=1 -v session_id=1 -v endpoint="'https://push.example/1'" -v p256dh="'p'" -v auth="'a'" -v most=20 -f sql/push/subscribe.sql
insert into push_subscriptions (account_id, session_id, endpoint, p256dh, auth)
select :account_id, s.id, :endpoint, :p256dh, :auth
from sessions s
where s.id = :session_id
  and (select count(*) from push_subscriptions where account_id = :account_id) < :most
on conflict (endpoint) do update set
    account_id = excluded.account_id,
    session_id = excluded.session_id,
    p256dh = excluded.p256dh,
    auth = excluded.auth,
    created_at = now()
returning id
