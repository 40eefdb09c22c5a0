-- What a link is good for, which leaves it as it is. Shape: one, or nothing if it is over. Index: links_pkey.
-- psql -v token_hash="'\x00'" -v purpose="'new password'" -f sql/links/get.sql
select account_id, payload, created_at, expires_at
from links
where token_hash = :token_hash
  and purpose = :purpose
  and expires_at > now()
