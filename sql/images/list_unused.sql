-- Of the next pictures by their keys, those that no message and no person has, that nobody sent lately, and that no dead job is about;
-- and the last key looked at. Shape: one (last, null after the end; unused, keys).
-- Index: pictures_pkey.
-- psql -v after="''" -v minutes=1440 -v batch=40 -f sql/images/list_unused.sql
with looked_at as (
    select key, touched_at
    from pictures
    where key > :after
    order by key
    limit :batch
)
select
    (select max(key) from looked_at) as last,
    array(
        select key
        from looked_at l
        where touched_at < now() - make_interval(mins => :minutes)
          and not exists (select from message_pictures mp where mp.picture_key = l.key)
          and not exists (select from accounts a where a.avatar_key = l.key)
          and not exists (
            select from jobs j
            where j.kind = 'check_picture'
              and j.key = l.key
              and j.dead_at is not null
          )
    ) as unused
