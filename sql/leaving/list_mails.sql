-- What was mailed to somebody lately, for an export: not the text, which holds links that open the account.
-- Shape: many, at most size. Index: mails_by_account.
-- psql -v account_id=1 -v after_id=0 -v size=500 -f sql/leaving/list_mails.sql
select id, recipient, subject, created_at, state, ended_at
from mails
where account_id = :account_id
  and id > cast(:after_id as bigint)
order by id
limit :size
