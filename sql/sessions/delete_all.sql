-- End the sessions of an account, but for one at most. Shape: many. Index: sessions_by_account.
-- psql -v account_id=1 -v but=null -f sql/sessions/delete_all.sql
delete from sessions
where account_id = :account_id
  and token_hash is distinct from cast(:but as bytea)
returning id
