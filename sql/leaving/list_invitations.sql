-- The invitations that somebody made, for an export: not who used them. Shape: many.
-- psql -v account_id=1 -f sql/leaving/list_invitations.sql
select id, note, created_at, expires_at, revoked_at, used_at
from invitations
where account_id = :account_id
order by id
