-- The account with this name or this address, if it has one that is verified. Shape: one.
-- Index: a_name_looks_like_no_other, an_address_belongs_to_one_account, an_account_has_one_address.
-- psql -v name_key="'nobody'" -v address_key="'person1@example.org'" -f sql/addresses/find_account.sql
with found as (
    select id
    from accounts
    where name_key = :name_key
    union all
    select account_id
    from addresses
    where address_key = :address_key
      and verified
)
select a.id, a.name, m.address, m.address_key
from found
join accounts a on a.id = found.id
join addresses m on m.account_id = a.id and m.verified
limit 1
