-- A page of the people who are suspended, who joined last first. Shape: many, people_rows, at most size + 1.
-- Index: accounts_suspended.
-- psql -v back=false -v id=9223372036854775807 -v size=5 -f sql/roles/list_suspended.sql
with page as (
    (
        select id
        from accounts
        where suspended_until is not null
          and suspended_until > now()
          and not cast(:back as boolean)
          and id < cast(:id as bigint)
        order by id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select id
        from accounts
        where suspended_until is not null
          and suspended_until > now()
          and cast(:back as boolean)
          and id > cast(:id as bigint)
        order by id asc
        limit cast(:size as bigint) + 1
    )
)
select p.*
from page
join people_rows p using (id)
order by page.id desc
