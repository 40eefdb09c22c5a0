-- Count a try before it is made, unless it comes too early: of many at once as many pass as may. `free` tries need no
-- wait, then it doubles from a second to `cap` seconds, and is `least` at any rate. Shape: value, the level, or nothing.
-- psql -v key="'\x00'" -v free=5 -v cap=900 -v top=15 -v least=0 -f sql/signin/take_try.sql
insert into sign_in_tries as t (key, level, due_at)
values (:key, 1, now() + make_interval(secs => :least))
on conflict (key) do update
set (level, tried_at, due_at) = (
    select
        n.level,
        now(),
        now() + make_interval(
            secs => greatest(
                :least,
                case when ceil(n.level) >= :free then least(:cap, power(2, ceil(n.level) - :free)) else 0 end
            )
        )
    from (
        select least(:top, 1 + greatest(0, t.level - extract(epoch from now() - t.tried_at) / :cap)) as level
    ) n
)
where t.due_at <= now()
returning level
