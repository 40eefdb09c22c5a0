-- Wait for an address's link no longer. Shape: value, the address. Index: an_account_has_one_address.
-- psql -v account_id=1 -f sql/addresses/forget_asked.sql
delete from addresses
where account_id = :account_id
  and not verified
returning address
