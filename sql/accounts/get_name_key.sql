-- The key of the name of who has verified an address. Shape: value. Index: an_address_belongs_to_one_account.
-- psql -v address_key="'alice@example.org'" -f sql/accounts/get_name_key.sql
select a.name_key
from addresses d
join accounts a on a.id = d.account_id
where d.address_key = :address_key
  and d.verified
