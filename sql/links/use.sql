-- Use a link up: of several at the same time one gets the row. Shape: one, or nothing if it is over. Index: links_pkey.
-- psql -v token_hash="'\x00'" -v purpose="'new password'" -f sql/links/use.sql
delete from links
where token_hash = :token_hash
  and purpose = :purpose
  and expires_at > now()
returning account_id, payload, created_at, expires_at
