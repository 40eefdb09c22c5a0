-- Count one action for each key, unless that would be too many for it: due is when it would be at rest again, which may
-- lie `tolerances` seconds ahead at most (GCRA). Shape: many, the keys that were counted.
-- psql -v keys="array['\x00'::bytea]" -v intervals="array[60.0]" -v tolerances="array[600.0]" -f sql/quotas/take.sql
insert into quotas (key, due)
select key, now() + make_interval(secs => pause)
from unnest(
    cast(:keys as bytea[]), cast(:intervals as double precision[]), cast(:tolerances as double precision[])
) as asked (key, pause, tolerance)
-- In one order for all, so that two who ask at once do not wait for each other.
order by key
on conflict (key) do update
set due = greatest(quotas.due, now()) + (excluded.due - now())
where greatest(quotas.due, now()) + (excluded.due - now()) <= now() + (
    select make_interval(secs => tolerance)
    from unnest(cast(:keys as bytea[]), cast(:tolerances as double precision[])) as asked (key, tolerance)
    where asked.key = quotas.key
)
returning key
