-- The addresses of an account, for its own page. Shape: many, (what, amount, told, at); see board/people/account.py.
-- Index: an_account_has_one_address.
-- psql -v account_id=1 -f sql/addresses/list_kept.sql
select
    case when verified then 'Address' else 'Not verified yet' end as what,
    cast(null as bigint) as amount,
    address as told,
    since as at
from addresses
where account_id = :account_id
