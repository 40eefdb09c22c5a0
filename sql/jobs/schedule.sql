-- The periodic work of this release: new work is due at once, other work when it was, whoever starts or stops meanwhile;
-- where the period was changed, in the new one from now at the latest. Shape: many, the kinds that are new or changed.
-- psql -v kinds="'{remove_deleted}'" -v seconds="'{30}'" -f sql/jobs/schedule.sql
insert into jobs (kind, every)
select kind, make_interval(secs => seconds)
from unnest(cast(:kinds as text[]), cast(:seconds as double precision[])) as periodic (kind, seconds)
on conflict (kind) where every is not null do update
set every = excluded.every,
    run_at = case when jobs.lease is null then least(jobs.run_at, now() + excluded.every) else jobs.run_at end
where jobs.every <> excluded.every
returning kind
