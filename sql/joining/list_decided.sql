-- A page of the applications that were decided, and by whom, latest first. Shape: many, at most size + 1.
-- Index: applications_decided.
-- psql -v back=false -v key="'9999-01-01'" -v id=9223372036854775807 -v size=25 -f sql/joining/list_decided.sql
with page as (
    (
        select *
        from applications
        where decided_at is not null
          and not cast(:back as boolean)
          and (decided_at, account_id) < (cast(:key as timestamptz), cast(:id as bigint))
        order by decided_at desc, account_id desc
        limit cast(:size as bigint) + 1
    )
    union all
    (
        select *
        from applications
        where decided_at is not null
          and cast(:back as boolean)
          and (decided_at, account_id) > (cast(:key as timestamptz), cast(:id as bigint))
        order by decided_at asc, account_id asc
        limit cast(:size as bigint) + 1
    )
)
select
    page.account_id as id,
    (select name from accounts where id = page.account_id) as name,
    page.answer,
    page.decided_at,
    page.accepted,
    page.sentence,
    (select name from accounts where id = page.decided_by) as judge
from page
order by page.decided_at desc, page.account_id desc
