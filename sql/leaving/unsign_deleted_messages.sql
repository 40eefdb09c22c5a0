-- Forget that it was this moderator who removed some messages of others. Shape: many, ids. Index: messages_by_deleter.
-- psql -v account_id=1 -v batch=10 -f sql/leaving/unsign_deleted_messages.sql
with held as (
    select id
    from messages
    where id = any(array(select id from messages where deleted_by = :account_id limit :batch))
    order by id
    for no key update
)
update messages
set deleted_by = null
where id = any(array(select id from held))
returning id
