-- A page of what admins and moderators did to people, the last first; account_id null: to anybody.
-- Shape: many, at most size + 1. Index: deeds_pkey or deeds_by_account.
-- psql -v account_id=null -v back=false -v id=9223372036854775807 -v size=5 -f sql/roles/list_deeds.sql
with page as (
    (
        select id
        from deeds
        where (cast(:account_id as bigint) is null or account_id = cast(:account_id as bigint))
          and not cast(:back as boolean)
          and id < cast(:id as bigint)
        order by id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select id
        from deeds
        where (cast(:account_id as bigint) is null or account_id = cast(:account_id as bigint))
          and cast(:back as boolean)
          and id > cast(:id as bigint)
        order by id asc
        limit cast(:size as bigint) + 1
    )
)
select
    d.id,
    d.account_id,
    whom.name as name,
    actor.name as actor_name,
    d.action,
    d.details,
    d.reason,
    d.done_at
from page
join deeds d using (id)
join accounts whom on whom.id = d.account_id
left join accounts actor on actor.id = d.actor_id
order by d.id desc
