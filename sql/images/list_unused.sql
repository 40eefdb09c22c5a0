-- Pictures that no message has and that nobody sent lately. Shape: many, keys. Index: pictures_by_time.
-- psql -v minutes=1440 -v batch=100 -f sql/images/list_unused.sql
select key
from pictures p
where touched_at < now() - make_interval(mins => :minutes)
  and not exists (select from message_pictures mp where mp.picture_key = p.key)
order by touched_at
limit :batch
