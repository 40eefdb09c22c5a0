-- Every picture, by its key, some at a time, and whether a message has it. Shape: many.
-- Index: pictures_pkey, message_pictures_by_picture.
-- psql -v after="''" -v batch=500 -f sql/backups/list_pictures.sql
select key, widths, fallback, animated, coalesce(used.is_used, false) as is_used
from pictures p
left join lateral (
    select true as is_used
    from message_pictures mp
    where mp.picture_key = p.key
    limit 1
) as used on true
where key > :after
order by key
limit :batch
