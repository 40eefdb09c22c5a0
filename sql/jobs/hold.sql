-- Go on having a job. Shape: value, the id, or nothing if somebody else has it by now, or it was dropped.
-- psql -v id=1 -v lease="'00000000-0000-0000-0000-000000000000'" -v seconds=30 -f sql/jobs/hold.sql
update jobs
set run_at = now() + make_interval(secs => cast(:seconds as double precision))
where id = :id
  and lease = cast(:lease as uuid)
returning id
