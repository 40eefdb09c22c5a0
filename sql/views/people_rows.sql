-- The row of a person in the list for moderators and admins: templates/roles/_people.html.
create view people_rows as
select
    a.id,
    a.name,
    a.name_key,
    a.role,
    a.trust,
    a.created_at,
    a.suspended_until,
    a.suspended_until = 'infinity' as suspended_for_ever,
    coalesce(a.suspended_until > now(), false) as suspended,
    a.suspended_reason,
    array(
        select b.name
        from board_moderators m
        join boards b on b.id = m.board_id
        where m.account_id = a.id
        order by b.id
    ) as moderated
from accounts a
-- Not of who signs what stays of those who left.
where a.id > 0;
