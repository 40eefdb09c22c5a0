-- Delete an account that nothing bears any more, with all that refers to it, and leave a receipt. Shape: value, the id.
-- Index: accounts_pkey.
-- psql -v account_id=30000 -f sql/leaving/delete_account.sql
with receipt as (
    insert into receipts (token_hash, keeps_messages, counts)
    select receipt_hash, keeps_messages, counts
    from departures
    where account_id = :account_id
    on conflict (token_hash) do nothing
)
delete from accounts
where id = :account_id
returning id
