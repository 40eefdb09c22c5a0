-- Give somebody trust, withhold it, or let it be earned again, by an admin, and write it down; what has to be earned is
-- looked at by the next run of sql/roles/settle.sql. Shape: one (name, old_role, new_role), or nothing if it is so already
-- or not theirs to say. Index: accounts_pkey.
-- psql -v account_id=2 -v actor_id=1 -v trust="'given'" -v reason="''" -f sql/roles/set_trust.sql
with changed as (
    update accounts a
    set trust = :trust,
        role = case
            when a.role not in ('new', 'member', 'trusted') then a.role
            when :trust = 'given' then 'trusted'
            when :trust = 'withheld' and a.role = 'trusted' then 'member'
            else a.role
        end,
        role_settled_at = '-infinity'
    where a.id = :account_id
      and a.id <> :actor_id
      and a.trust <> :trust
      and exists (select from accounts actor where actor.id = :actor_id and actor.role = 'admin')
    returning a.id, a.name, old.role as old_role, new.role as new_role
),
written as (
    insert into deeds (account_id, actor_id, action, details, reason)
    select id, :actor_id, 'trust', jsonb_build_object('trust', cast(:trust as text)), :reason
    from changed
)
select name, old_role, new_role
from changed
