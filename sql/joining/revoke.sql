-- Take an invitation of one's own back that nobody used. Shape: value, its id, also if that was done before; nothing if
-- it is somebody else's, or used. Index: invitations_by_account or invitations_pkey.
-- psql -v id=1 -v account_id=1 -f sql/joining/revoke.sql
update invitations
set revoked_at = coalesce(revoked_at, now())
where id = :id
  and account_id = :account_id
  and used_at is null
returning id
