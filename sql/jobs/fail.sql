-- A job that failed is tried again: after 5 seconds, 10, 20 and so on up to an hour, of which a random part of up to a half
-- is taken off, so that those which failed together do not come back together ("equal jitter": Brooker, Exponential
-- Backoff and Jitter, AWS Architecture Blog 2015); periodic work after its period at the latest. After its last attempt
-- it is dead. The row is made anew, with its id, so that it can give way to one with the same key that came meanwhile.
-- Shape: one (id, dead), or nothing if it gave way or somebody else has it by now.
-- psql -v id=1 -v lease="'00000000-0000-0000-0000-000000000000'" -v most=8 -v error="'no luck'" -f sql/jobs/fail.sql
with failed as (
    delete from jobs
    where id = :id
      and lease = cast(:lease as uuid)
    returning *
)
insert into jobs (id, kind, payload, key, every, created_at, run_at, attempts, started_at, finished_at, result, error, dead_at)
overriding system value
select
    id,
    kind,
    payload,
    key,
    every,
    created_at,
    now() + least(make_interval(secs => least(5 * 2 ^ least(attempts - 1, 20), 3600)), every) * (1 - random() / 2),
    attempts,
    started_at,
    now(),
    result,
    :error,
    case when every is null and attempts >= cast(:most as integer) then now() end
from failed
on conflict (kind, key) where lease is null and dead_at is null do nothing
returning id, dead_at is not null as dead
