-- A page of somebody's invitations with their guests, newest first. Shape: many, at most size + 1.
-- Index: invitations_by_account.
-- psql -v account_id=1 -v back=false -v id=9223372036854775807 -v size=25 -f sql/joining/list_invitations.sql
with page as (
    (
        select *
        from invitations
        where account_id = :account_id
          and not cast(:back as boolean)
          and id < cast(:id as bigint)
        order by id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select *
        from invitations
        where account_id = :account_id
          and cast(:back as boolean)
          and id > cast(:id as bigint)
        order by id asc
        limit cast(:size as bigint) + 1
    )
)
select
    page.id,
    page.key,
    page.note,
    page.created_at,
    page.expires_at,
    page.used_at,
    guest.name as guest,
    case
        when page.used_at is not null then 'used'
        when page.revoked_at is not null then 'revoked'
        when page.expires_at <= now() then 'expired'
        else 'open'
    end as state
from page
left join accounts guest on guest.id = page.used_by
order by page.id desc
