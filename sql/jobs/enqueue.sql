-- Leave jobs of one kind: they are there if and only if the caller's transaction commits. Where one with the same key
-- waits already, it does for both, and is held until that commit: taken earlier, it would not see what the caller did.
-- One that failed before keeps its time. Shape: many, ids.
-- psql -v kind="'check_picture'" -v jobs="'[{\"key\": \"a\", \"payload\": {}}]'" -v delay=0 -f sql/jobs/enqueue.sql
insert into jobs (kind, key, payload, run_at)
select :kind, job.key, job.payload, now() + make_interval(secs => cast(:delay as double precision))
from jsonb_to_recordset(cast(:jobs as jsonb)) as job (key text, payload jsonb)
on conflict (kind, key) where lease is null and dead_at is null do update
set run_at = case when jobs.attempts = 0 then least(jobs.run_at, excluded.run_at) else jobs.run_at end
returning id
