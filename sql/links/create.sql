-- Keep what a link is good for, under the hash of its token. Shape: value, its end.
-- psql -v token_hash="'\x00'" -v purpose="'new password'" -v account_id=1 -v payload="'{}'" -v minutes=30 -f sql/links/create.sql
insert into links (token_hash, purpose, account_id, payload, expires_at)
values (:token_hash, :purpose, :account_id, :payload, now() + make_interval(mins => :minutes))
returning expires_at
