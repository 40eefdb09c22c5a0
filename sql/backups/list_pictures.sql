-- Every picture, by its key, some at a time, and whether a message or a person has it. Shape: many.
-- Index: pictures_pkey, message_pictures_by_picture, accounts_by_avatar.
-- psql -v after="''" -v batch=500 -f sql/backups/list_pictures.sql
select key, widths, fallback, animated, coalesce(used.is_used, false) as is_used
from pictures p
left join lateral (
    (select true as is_used from message_pictures mp where mp.picture_key = p.key limit 1)
    union all
    (select true from accounts a where a.avatar_key = p.key limit 1)
    limit 1
) as used on true
where key > :after
order by key
limit :batch
