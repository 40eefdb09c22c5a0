-- The queue for who minds it: periodic work, what runs, the latest that died, and what is due next. Shape: many.
-- psql -v size=50 -v may=true -f sql/jobs/list.sql
with told as (
    select
        *,
        case
            when every is not null then 'periodic'
            when dead_at is not null then 'dead'
            when lease is not null and run_at > now() then 'running'
            else 'waiting'
        end as state
    from jobs
    where cast(:may as boolean)
),
placed as (
    select
        *,
        row_number() over (partition by state order by dead_at desc, case when every is null then run_at end, kind, id) as place
    from told
)
select
    id,
    state,
    kind,
    payload,
    cast(extract(epoch from every) as double precision) as every_seconds,
    lease is not null and run_at > now() as taken,
    run_at <= now() as due,
    run_at,
    attempts,
    started_at,
    finished_at,
    cast(extract(epoch from finished_at - started_at) as double precision) as took_seconds,
    result,
    error,
    dead_at
from placed
where place <= :size
order by state, place
