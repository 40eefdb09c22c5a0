-- Where somebody is signed in, the one in use last on top. Shape: many. Index: sessions_by_account.
-- psql -v account_id=1 -f sql/sessions/list.sql
select id, device, network, remembered, created_at, touched_at
from sessions
where account_id = :account_id
  and expires_at > now()
order by touched_at desc, id desc
limit 200
