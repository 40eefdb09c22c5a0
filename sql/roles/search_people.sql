-- People whose name begins so (from `beginning` on, before `ending`), look-alikes too, or whose verified address is this one, by name.
-- Shape: many, people_rows, at most size + 1. Index: accounts_by_beginning.
-- psql -v beginning="'a11'" -v ending="'a11~'" -v address="''" -v size=5 -f sql/roles/search_people.sql
with found as (
    (
        select id
        from accounts
        where name_key ~>=~ :beginning
          and name_key ~<~ :ending
        order by name_key using ~<~
        limit cast(:size as bigint) + 1
    )
    union
    select account_id
    from addresses
    where address_key = :address
      and verified
)
select p.*
from found
join people_rows p using (id)
order by p.name_key, p.id
