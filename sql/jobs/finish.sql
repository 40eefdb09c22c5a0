-- A job that is done is gone; periodic work waits for its next time, which is now if that is past: once, however many were
-- missed. Shape: value, the id, or nothing if somebody else has it by now.
-- psql -v id=1 -v lease="'00000000-0000-0000-0000-000000000000'" -v result=1 -f sql/jobs/finish.sql
with done as (
    delete from jobs
    where id = :id
      and lease = cast(:lease as uuid)
      and every is null
    returning id
),
put_back as (
    update jobs
    set lease = null,
        attempts = 0,
        run_at = greatest(now(), started_at + every),
        finished_at = now(),
        result = cast(:result as bigint),
        error = null
    where id = :id
      and lease = cast(:lease as uuid)
      and every is not null
    returning id
)
select id
from done
union all
select id
from put_back
