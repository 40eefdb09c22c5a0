-- Note that a challenge was solved: it counts once. Shape: value, nothing if it was solved before.
-- psql -v key="'00000000-0000-0000-0000-000000000000'" -v seconds=7200 -f sql/joining/spend.sql
insert into solved_challenges (key, expires_at)
values (cast(:key as uuid), now() + make_interval(secs => :seconds))
on conflict do nothing
returning key
