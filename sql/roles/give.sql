-- Give somebody a role, by an admin, and write it down; never to oneself, so that the last admin stays. The rows of all
-- admins are held in one order: of two who take it from each other at once, the second is no admin any more.
-- Shape: one (name, old_role, new_role), or nothing if it is not theirs to give, or the role is had already.
-- Index: accounts_pkey, accounts_by_role.
-- psql -v account_id=2 -v actor_id=1 -v role="'moderator'" -v reason="''" -f sql/roles/give.sql
with admins as (
    select id
    from accounts
    where role = 'admin'
    order by id
    for no key update
),
changed as (
    update accounts
    set role = :role, role_settled_at = now()
    where id = :account_id
      and id <> :actor_id
      and :actor_id = any(array(select id from admins))
      and role not in ('waiting', :role)
      -- Who is new or trusted is a member already, in one's own way.
      and not (:role = 'member' and role in ('new', 'trusted'))
    returning id, name, old.role as old_role, new.role as new_role
),
written as (
    insert into deeds (account_id, actor_id, action, details, reason)
    select id, :actor_id, 'role', jsonb_build_object('old', old_role, 'new', new_role), :reason
    from changed
)
select name, old_role, new_role
from changed
