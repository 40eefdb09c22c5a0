-- End a suspension before its time, and write it down. Shape: value, the name, or nothing if there was none, or the actor
-- has lost the right meanwhile. Index: accounts_pkey or accounts_suspended.
-- psql -v account_id=2 -v actor_id=1 -v actor_role="'admin'" -v roles="'{new,member}'" -v reason="''" -f sql/roles/unsuspend.sql
with changed as (
    update accounts a
    set suspended_until = null, suspended_reason = ''
    where a.id = :account_id
      and a.id <> :actor_id
      and a.role = any(cast(:roles as text[]))
      and a.suspended_until > now()
      and exists (select from accounts actor where actor.id = :actor_id and actor.role = :actor_role)
    returning a.id, a.name
),
written as (
    insert into deeds (account_id, actor_id, action, reason)
    select id, :actor_id, 'unsuspended', :reason
    from changed
)
select name
from changed
