-- The threads that somebody started, oldest first, for an export. Shape: many, at most size.
-- Index: threads_by_author or threads_by_author_and_deleted.
-- psql -v account_id=1 -v after_id=0 -v size=1 -f sql/leaving/list_threads.sql
select t.id, t.title, b.name as board, t.opening_id as opening, t.created_at, t.message_count as messages, t.ups, t.downs, t.locked_at
from threads t
join boards b on b.id = t.board_id
where t.author_id = :account_id
  and t.deleted_at is null
  and t.id > cast(:after_id as bigint)
order by t.id
limit :size
