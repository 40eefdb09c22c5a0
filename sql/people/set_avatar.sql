-- Give a person another avatar, or none. Shape: value, the key of the one before, if there was another.
-- Unless somebody has just sent the same picture, it has not to wait for the day that an unused upload is given.
-- Index: accounts_pkey, pictures_pkey.
-- psql -v account_id=1 -v key=null -f sql/people/set_avatar.sql
with changed as (
    update accounts
    set avatar_key = :key
    where id = :account_id
      and avatar_key is distinct from :key
    returning old.avatar_key as key
)
update pictures
set touched_at = least(touched_at, case when touched_at < now() - interval '10 minutes' then timestamptz '-infinity' else touched_at end)
where key = (select key from changed)
returning key
