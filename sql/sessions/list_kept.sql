-- On how many devices somebody is signed in, for their own page. Shape: many, (what, amount, told, at); see
-- board/people/account.py. Index: sessions_by_account.
-- psql -v account_id=1 -f sql/sessions/list_kept.sql
select 'device' as what, count(*) as amount, cast(null as text) as told, max(touched_at) as at
from sessions
where account_id = :account_id
  and expires_at > now()
