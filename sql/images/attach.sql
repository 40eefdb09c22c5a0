-- Make these the pictures of a message, in this order. Shape: many, the keys of those that it had and has no more.
-- Index: message_pictures_pkey.
-- psql -v message_id=1 -v keys="'{}'" -v alts="'{}'" -v sensitive="'{}'" -f sql/images/attach.sql
with wanted as (
    select key, alt, is_sensitive, position - 1 as position
    from unnest(cast(:keys as text[]), cast(:alts as text[]), cast(:sensitive as boolean[]))
        with ordinality as w (key, alt, is_sensitive, position)
),
gone as (
    delete from message_pictures
    where message_id = :message_id
      and position >= (select count(*) from wanted)
    returning picture_key
),
put as (
    insert into message_pictures (message_id, position, picture_key, alt, sensitive)
    select :message_id, position, key, alt, is_sensitive
    from wanted
    on conflict (message_id, position) do update
    set picture_key = excluded.picture_key, alt = excluded.alt, sensitive = excluded.sensitive
    returning old.picture_key
)
select picture_key
from (select picture_key from gone union select picture_key from put) had
where picture_key is not null
  and picture_key <> all(cast(:keys as text[]))
