-- The latest export of an account, as its page shows it. Shape: one, or nothing. Index: exports_by_account.
-- psql -v account_id=1 -v days=7 -f sql/leaving/get_export.sql
select
    id,
    asked_at,
    asked_at + interval '1 day' as again_at,
    asked_at > now() - interval '1 day' as recent,
    done,
    total,
    bytes,
    finished_at,
    finished_at + make_interval(days => :days) as ends_at,
    finished_at + make_interval(days => :days) > now() as offered
from exports
where account_id = :account_id
order by asked_at desc
limit 1
