-- An address was confirmed: take it from those that wait, and the one before from the account. Shape: many, nothing if it
-- does not wait any more. Index: an_account_has_one_address.
-- psql -v account_id=1 -v address_key="'alice@example.org'" -f sql/addresses/take.sql
delete from addresses
where account_id = :account_id
  and exists (
      select
      from addresses asked
      where asked.account_id = :account_id
        and not asked.verified
        and asked.address_key = :address_key
  )
returning verified, address
