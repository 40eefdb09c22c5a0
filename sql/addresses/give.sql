-- Give an account an address that is known to be theirs. Shape: value, the account's name, or nothing if the address
-- belongs to another account.
-- psql -v account_id=1 -v address="'alice@example.org'" -v address_key="'alice@example.org'" -f sql/addresses/give.sql
insert into addresses (account_id, verified, address, address_key)
values (:account_id, true, :address, :address_key)
on conflict do nothing
returning (select name from accounts where id = account_id)
