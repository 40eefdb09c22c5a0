-- No more mail about answers. Shape: value, the id, or nothing if the account is gone. Index: accounts_pkey.
-- psql -v account_id=1 -f sql/answers/stop.sql
update accounts
set answer_mail = 'never'
where id = :account_id
returning id
