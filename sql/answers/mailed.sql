-- When a person last had mail about answers. Shape: value, the id. Index: accounts_pkey.
-- psql -v account_id=1 -f sql/answers/mailed.sql
update accounts
set answers_mailed_at = now()
where id = :account_id
returning id
