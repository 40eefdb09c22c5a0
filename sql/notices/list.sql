-- A page of what happened to an account, newest first. Shape: many. Index: account_events_by_account.
-- psql -v account_id=1 -v back=false -v id=9223372036854775807 -v size=25 -f sql/notices/list.sql
select id, kind, details, device, network, created_at
from (
    (
        select id, kind, details, device, network, created_at
        from account_events
        where not cast(:back as boolean)
          and account_id = :account_id
          and id < cast(:id as bigint)
        order by id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select id, kind, details, device, network, created_at
        from account_events
        where cast(:back as boolean)
          and account_id = :account_id
          and id > cast(:id as bigint)
        order by id
        limit cast(:size as bigint) + 1
    )
) page
order by id desc
