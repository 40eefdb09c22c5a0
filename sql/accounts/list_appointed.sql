-- Who may do more than others: admins, moderators, and those of single boards. Shape: many; a handful.
-- psql -f sql/accounts/list_appointed.sql
with appointed as (
    select id from accounts where role in ('admin', 'moderator')
    union
    select account_id from board_moderators
)
select
    a.name,
    case when a.role in ('admin', 'moderator') then a.role else 'moderator' end as role,
    array(
        select b.name
        from board_moderators m
        join boards b on b.id = m.board_id
        where m.account_id = a.id
          and a.role not in ('admin', 'moderator')
        order by b.id
    ) as boards,
    coalesce(a.suspended_until > now(), false) as suspended
from appointed
join accounts a using (id)
order by a.role <> 'admin', a.role <> 'moderator', a.name
