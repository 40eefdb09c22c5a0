-- Take every address from an account. Shape: many. Index: an_account_has_one_address.
-- psql -v account_id=1 -f sql/addresses/delete.sql
delete from addresses
where account_id = :account_id
returning verified, address
