-- How much there is of each kind, and of all kinds together (kind is null). What is due counts as waiting, also when the
-- process that had it died; what is for another time counts as later. Shape: many, that of all kinds first.
-- psql -f sql/jobs/count.sql
select
    kind,
    count(*) filter (where waits and run_at <= now()) as waiting,
    count(*) filter (where waits and run_at > now()) as later,
    count(*) filter (where not waits and dead_at is null) as running,
    count(*) filter (where dead_at is not null) as dead,
    cast(coalesce(max(extract(epoch from now() - run_at)) filter (where waits and run_at <= now()), 0) as double precision)
        as oldest_seconds,
    count(*) filter (where every is not null and error is not null) as failing
from (
    select *, dead_at is null and (lease is null or run_at <= now()) as waits
    from jobs
) jobs
group by grouping sets ((), (kind))
order by kind nulls first
