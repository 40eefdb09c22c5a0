-- An invitation by what its link names, with its host and its state. Shape: one. Index: invitations_key_key.
-- psql -v key="'00000000-0000-0000-0000-000000000000'" -f sql/joining/get_invitation.sql
select
    i.key,
    i.expires_at,
    a.name as host,
    case
        when i.used_at is not null then 'used'
        when i.revoked_at is not null or a.suspended_until > now() then 'revoked'
        when i.expires_at <= now() then 'expired'
        else 'open'
    end as state
from invitations i
join accounts a on a.id = i.account_id
where i.key = cast(:key as uuid)
