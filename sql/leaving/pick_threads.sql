-- Some threads that an account started, deleted ones too, held. Shape: many, ids.
-- Index: threads_by_author_and_deleted.
-- psql -v account_id=1 -v batch=10 -f sql/leaving/pick_threads.sql
select id
from threads
where id = any(array(select id from threads where author_id = :account_id limit :batch))
order by id
for no key update
