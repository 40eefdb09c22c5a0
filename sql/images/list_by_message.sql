-- The pictures of a message, in order. Shape: many. Index: message_pictures_pkey.
-- psql -v message_id=1 -f sql/images/list_by_message.sql
select p.key, p.width, p.height, p.widths, p.fallback, p.animated, mp.alt, mp.sensitive
from message_pictures mp
join pictures p on p.key = mp.picture_key
where mp.message_id = :message_id
order by mp.position
