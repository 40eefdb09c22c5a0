-- Take periodic work now, due or not, unless a process is at it. Shape: one, or nothing.
-- psql -v kind="'remove_deleted'" -v every=30 -v seconds=30 -f sql/jobs/take_periodic.sql
insert into jobs (kind, every, lease, run_at, attempts, started_at)
values (
    :kind,
    make_interval(secs => cast(:every as double precision)),
    gen_random_uuid(),
    now() + make_interval(secs => cast(:seconds as double precision)),
    1,
    now()
)
on conflict (kind) where every is not null do update
set lease = excluded.lease, run_at = excluded.run_at, attempts = jobs.attempts + 1, started_at = excluded.started_at
where jobs.lease is null or jobs.run_at <= now()
returning id, kind, payload, lease, false as died
