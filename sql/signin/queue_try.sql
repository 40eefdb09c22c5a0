-- Let somebody who comes for the first time wait before the first try; who waits already goes on waiting.
-- Shape: value, the end of the wait, or nothing.
-- psql -v key="'\x00'" -v seconds=900 -f sql/signin/queue_try.sql
insert into sign_in_tries (key, level, due_at)
values (:key, 0, now() + make_interval(secs => :seconds))
on conflict (key) do nothing
returning due_at
