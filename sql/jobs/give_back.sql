-- A job that its process can not finish, since that ends, is there for another at once, and has not failed by that. The
-- row is made anew as in fail.sql. Shape: value, the id, or nothing if it gave way or somebody else has it by now.
-- psql -v id=1 -v lease="'00000000-0000-0000-0000-000000000000'" -f sql/jobs/give_back.sql
with given as (
    delete from jobs
    where id = :id
      and lease = cast(:lease as uuid)
    returning *
)
insert into jobs (id, kind, payload, key, every, created_at, run_at, attempts, started_at, finished_at, result, error)
overriding system value
select id, kind, payload, key, every, created_at, now(), attempts - 1, started_at, finished_at, result, error
from given
on conflict (kind, key) where lease is null and dead_at is null do nothing
returning id
