-- A page of the people who have one of these roles, who joined last first. Shape: many, people_rows, at most size + 1.
-- The ids of each role are read apart, so that the few admins among many members are found at once.
-- Index: accounts_by_role.
-- psql -v roles="'{admin,member}'" -v back=false -v id=9223372036854775807 -v size=5 -f sql/roles/list_people.sql
with page as (
    (
        select found.id
        from unnest(cast(:roles as text[])) as asked (role)
        cross join lateral (
            select id
            from accounts
            where role = asked.role
              and not cast(:back as boolean)
              and id < cast(:id as bigint)
            order by id desc
            limit cast(:size as bigint) + 1
        ) found
        order by found.id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select found.id
        from unnest(cast(:roles as text[])) as asked (role)
        cross join lateral (
            select id
            from accounts
            where role = asked.role
              and cast(:back as boolean)
              and id > cast(:id as bigint)
            order by id asc
            limit cast(:size as bigint) + 1
        ) found
        order by found.id asc
        limit cast(:size as bigint) + 1
    )
)
select p.*
from page
join people_rows p using (id)
order by page.id desc
