-- Begin a session that ends after so many seconds. Shape: value, its id.
-- psql -v token_hash="'\x00'" -v account_id=1 -v seconds=3600 -v remembered=true -v device="'Firefox on Android'" -v network="'203.0.*.*'" -f sql/sessions/create.sql
insert into sessions (token_hash, account_id, expires_at, remembered, device, network)
values (:token_hash, :account_id, now() + make_interval(secs => :seconds), :remembered, :device, :network)
returning id
