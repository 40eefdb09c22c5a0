-- Forget that it was this moderator who removed some threads of others. Shape: many, ids. Index: threads_by_deleter.
-- psql -v account_id=1 -v batch=10 -f sql/leaving/unsign_deleted_threads.sql
with held as (
    select id
    from threads
    where id = any(array(select id from threads where deleted_by = :account_id limit :batch))
    order by id
    for no key update
)
update threads
set deleted_by = null
where id = any(array(select id from held))
returning id
