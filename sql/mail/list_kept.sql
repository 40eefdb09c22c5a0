-- How many mails to somebody are kept, for their own page. Shape: many, (what, amount, told, at); see
-- board/people/account.py. Index: mails_by_account.
-- psql -v account_id=1 -f sql/mail/list_kept.sql
select 'mail' as what, count(*) as amount, cast(null as text) as told, max(created_at) as at
from mails
where account_id = :account_id
union all
select 'waiting answer', count(*), null, null
from answers_to_mail
where account_id = :account_id
