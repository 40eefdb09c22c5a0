-- Take the author's name off threads that are held. Shape: many, ids. Index: threads_pkey.
-- psql -v account_id=1 -v ids="'{1}'" -f sql/leaving/unsign_threads.sql
update threads
set author_id = -1,
    deleted_by = case when deleted_by = :account_id then -1 else deleted_by end
where id = any(cast(:ids as bigint[]))
returning id
