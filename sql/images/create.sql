-- Remember a picture, or that it was sent again, before its files are stored. Shape: value, the key.
-- psql -v key="'00000000000000000000000000000000'" -v width=4 -v height=3 -v widths="'{4}'" -v fallback=4 -v animated=false -v bytes=99 -f sql/images/create.sql
insert into pictures (key, width, height, widths, fallback, animated, bytes)
values (:key, :width, :height, :widths, :fallback, :animated, :bytes)
on conflict (key) do update set touched_at = now()
returning key
