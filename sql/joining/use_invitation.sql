-- Let a guest in by an invitation that is still good, and note who invited them. Shape: value, the host's id, or nothing.
-- Index: invitations_key_key.
-- psql -v key="'00000000-0000-0000-0000-000000000000'" -v account_id=1 -f sql/joining/use_invitation.sql
with used as (
    update invitations
    set used_at = now(), used_by = :account_id
    where key = cast(:key as uuid)
      and used_at is null
      and revoked_at is null
      and expires_at > now()
    returning account_id
),
host as (
    update accounts
    set has_invited = true
    where id = (select account_id from used)
      and not has_invited
    returning id
)
update accounts
set invited_by = used.account_id
from used
where id = :account_id
returning invited_by
