-- Suspend somebody for so many days (null: for ever), end all their sessions, and write it down. Shape: one (name, until),
-- or nothing if they have none of the roles that the actor may suspend, or the actor has lost the right meanwhile.
-- Index: accounts_pkey, sessions_by_account.
-- psql -v account_id=2 -v actor_id=1 -v actor_role="'admin'" -v roles="'{new,member}'" -v days=7 -v reason="'Spam.'" -f sql/roles/suspend.sql
with changed as (
    update accounts a
    set suspended_until = coalesce(now() + make_interval(days => cast(:days as integer)), 'infinity'),
        suspended_reason = :reason
    where a.id = :account_id
      and a.id <> :actor_id
      and a.role = any(cast(:roles as text[]))
      and exists (select from accounts actor where actor.id = :actor_id and actor.role = :actor_role)
    returning a.id, a.name, a.suspended_until
),
ended as (
    delete from sessions
    where account_id in (select id from changed)
),
written as (
    insert into deeds (account_id, actor_id, action, details, reason)
    select id, :actor_id, 'suspended', jsonb_build_object('days', cast(:days as integer)), :reason
    from changed
)
select name, suspended_until as until
from changed
