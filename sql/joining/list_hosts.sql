-- Who invited somebody, who invited that one, and so on to the root, the root first, and themselves last. Shape: many.
-- Index: a_name_looks_like_no_other or accounts_by_beginning, accounts_pkey.
-- psql -v name_key="'person4'" -v most=50 -f sql/joining/list_hosts.sql
with recursive hosts as (
    select id, name, role, created_at, invited_by, 0 as distance
    from accounts
    where name_key = :name_key
    union all
    select a.id, a.name, a.role, a.created_at, a.invited_by, hosts.distance + 1
    from hosts
    join accounts a on a.id = hosts.invited_by
    where hosts.distance < :most
)
select id, name, role, created_at, invited_by
from hosts
order by distance desc
