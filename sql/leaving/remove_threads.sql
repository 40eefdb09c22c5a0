-- Of threads that are held, and whose author's messages are gone: those in which others wrote stay, without the title;
-- the others go. Shape: many, (id, gone). Index: messages_by_thread or messages_by_thread_and_wilson.
-- psql -v account_id=1 -v ids="'{1}'" -f sql/leaving/remove_threads.sql
with found as (
    select
        t.id,
        not exists (select from messages m where m.thread_id = t.id and m.deleted_at is null) as gone
    from threads t
    where t.id = any(cast(:ids as bigint[]))
)
update threads t
set author_id = -1,
    title = case when found.gone then '' else 'Title removed' end,
    deleted_at = case when found.gone then coalesce(t.deleted_at, now()) else t.deleted_at end,
    purged_at = case when found.gone then coalesce(t.purged_at, now()) else t.purged_at end,
    deleted_by = case
        when t.deleted_by = :account_id or (found.gone and t.deleted_at is null) then -1
        else t.deleted_by
    end
from found
where t.id = found.id
returning t.id, found.gone
