-- For how long a picture that no message and no person has is kept yet. Shape: value, seconds, or nothing if it is used or gone.
-- Index: pictures_pkey.
-- psql -v key="'00000000000000000000000000000000'" -v minutes=1440 -f sql/images/get_rest.sql
select cast(extract(epoch from touched_at + make_interval(mins => :minutes) - now()) as double precision)
from pictures p
where key = :key
  and not exists (select from message_pictures mp where mp.picture_key = p.key)
  and not exists (select from accounts a where a.avatar_key = p.key)
