-- Where somebody is signed in, for an export. Shape: many. Index: sessions_by_account.
-- psql -v account_id=1 -f sql/leaving/list_sessions.sql
select device, network, remembered, created_at, touched_at, expires_at
from sessions
where account_id = :account_id
order by created_at
