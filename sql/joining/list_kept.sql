-- Whom somebody invited, and what they answered to join, for their own page. Shape: many, (what, amount, told, at); see
-- board/people/account.py. Index: invitations_by_account, accounts_by_inviter, applications_pkey.
-- psql -v account_id=1 -f sql/joining/list_kept.sql
select 'invitation' as what, count(*) as amount, cast(null as text) as told, cast(null as timestamptz) as at
from invitations
where account_id = :account_id
union all
select 'guest', count(*), null, null
from accounts
where invited_by = :account_id
union all
select 'Your answer to be let in', null, answer, created_at
from applications
where account_id = :account_id
