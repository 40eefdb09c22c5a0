-- What went with an account, or when it will, by the hash of the token in the receipt's address. Shape: one, or nothing.
-- Index: receipts_pkey, departures_receipt_hash_key.
-- psql -v token_hash="'\x00'" -f sql/leaving/get_receipt.sql
select finished_at, cast(null as timestamptz) as due_at, keeps_messages, counts
from receipts
where token_hash = :token_hash
union all
select null, due_at, keeps_messages, '{}'
from departures
where receipt_hash = :token_hash
