-- How many invitations of four weeks somebody has out, or had used: what sql/joining/invite.sql counts. Shape: value.
-- Index: invitations_of_late.
-- psql -v account_id=1 -f sql/joining/count_invitations.sql
select count(*)
from invitations
where account_id = :account_id
  and created_at > now() - interval '28 days'
  and (used_at is not null or revoked_at is null and expires_at > now())
