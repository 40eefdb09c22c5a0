-- What was counted so far: the tries that still count, and the seconds until the next may be made. Shape: many.
-- Index: sign_in_tries_pkey.
-- psql -v keys="'{\\\\x00}'" -v leaks="'{900}'" -f sql/signin/list_tries.sql
select
    t.key,
    greatest(0, t.level - extract(epoch from now() - t.tried_at) / k.leak) as level,
    greatest(0, extract(epoch from t.due_at - now())) as wait
from unnest(cast(:keys as bytea[]), cast(:leaks as double precision[])) as k (key, leak)
join sign_in_tries t on t.key = k.key
