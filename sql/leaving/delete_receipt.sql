-- Forget a receipt. Shape: value, when it was made, or nothing. Index: receipts_pkey.
-- psql -v token_hash="'\x00'" -f sql/leaving/delete_receipt.sql
delete from receipts
where token_hash = :token_hash
returning finished_at
