-- Take what is due of the kinds that this process knows, as many of each as it has room for. What a process had that
-- died is due again when its lease is over, and then it is the same attempt. Two who take never wait for each other, nor
-- get the same job. It is committed at once: a row lock held instead, for the minutes of a backup, would take a connection
-- from the people and keep vacuum from the whole database. Shape: many. Index: jobs_to_take.
-- psql -v kinds="'{check_picture}'" -v slots="'{2}'" -v seconds=30 -f sql/jobs/take.sql
with due as (
    select job.id
    from unnest(cast(:kinds as text[]), cast(:slots as integer[])) as free (kind, slots)
    cross join lateral (
        select id
        from jobs
        where kind = free.kind
          and dead_at is null
          and run_at <= now()
        order by run_at
        limit free.slots
        for no key update skip locked
    ) job
)
update jobs
set lease = gen_random_uuid(),
    run_at = now() + make_interval(secs => cast(:seconds as double precision)),
    attempts = attempts + case when lease is null then 1 else 0 end,
    started_at = now()
where id = any(array(select id from due))
returning id, kind, payload, lease, old.lease is not null as died
