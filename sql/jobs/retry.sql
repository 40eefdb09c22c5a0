-- Try a job again at once, as if it had never failed; not one that is being worked on. The row is made anew as in
-- fail.sql. Shape: value, the id, or nothing if there is none such.
-- psql -v id=1 -v may=true -f sql/jobs/retry.sql
with found as (
    delete from jobs
    where id = :id
      and (lease is null or run_at <= now())
      and cast(:may as boolean)
    returning *
),
again as (
    insert into jobs (id, kind, payload, key, every, created_at, started_at, finished_at, result, error)
    overriding system value
    select id, kind, payload, key, every, created_at, started_at, finished_at, result, error
    from found
    on conflict (kind, key) where lease is null and dead_at is null do nothing
    returning id
)
select id
from found
