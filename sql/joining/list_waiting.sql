-- A page of the applications that nobody has decided, oldest first. Shape: many, at most size + 1.
-- Index: applications_waiting.
-- psql -v back=false -v id=0 -v size=25 -f sql/joining/list_waiting.sql
with page as (
    (
        select *
        from applications
        where decided_at is null
          and not cast(:back as boolean)
          and account_id > cast(:id as bigint)
        order by account_id asc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select *
        from applications
        where decided_at is null
          and cast(:back as boolean)
          and account_id < cast(:id as bigint)
        order by account_id desc
        limit cast(:size as bigint) + 1
    )
)
select page.account_id as id, a.name, a.awaits_address, page.answer, page.created_at
from page
join accounts a on a.id = page.account_id
order by page.account_id asc
