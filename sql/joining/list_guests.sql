-- A page of those whom somebody invited, oldest first, with whom they brought in turn.
-- Of each one's guests so many (`width`), and one more that stands for the rest. Shape: many, in the order of the tree.
-- Index: accounts_by_inviter.
-- psql -v host_id=1 -v back=false -v id=0 -v size=25 -v width=5 -v depth=1 -f sql/joining/list_guests.sql
with recursive tops as (
    (
        select *
        from accounts
        where invited_by = :host_id
          and not cast(:back as boolean)
          and id > cast(:id as bigint)
        order by invited_by asc, id asc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select *
        from accounts
        where invited_by = :host_id
          and cast(:back as boolean)
          and id < cast(:id as bigint)
        order by invited_by desc, id desc
        limit cast(:size as bigint) + 1
    )
),
tree as (
    select id, name, role, created_at, has_invited, cast(null as bigint) as host_id, 0 as depth, array[id] as path
    from tops
    union all
    select c.id, c.name, c.role, c.created_at, c.has_invited, tree.id, tree.depth + 1, tree.path || c.id
    from tree
    cross join lateral (
        select *
        from accounts
        where invited_by = tree.id
        order by invited_by asc, id asc
        limit cast(:width as bigint) + 1
    ) c
    where tree.depth < :depth
)
select id, name, role, created_at, has_invited, host_id, depth
from tree
order by path
