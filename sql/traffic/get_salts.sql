-- The salts of today and tomorrow, made by whichever process asks first: the others get the same. Shape: many.
-- Index: traffic_salts_pkey.
-- psql -v today="'2026-01-01'" -f sql/traffic/get_salts.sql
insert into traffic_salts (day)
values (cast(:today as date)), (cast(:today as date) + 1)
on conflict (day) do update set day = excluded.day
returning day, salt
