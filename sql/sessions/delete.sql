-- End a session at once. Shape: value, the account's id, or nothing if there was none. Index: sessions_pkey.
-- psql -v token_hash="'\x00'" -f sql/sessions/delete.sql
delete from sessions
where token_hash = :token_hash
returning account_id
