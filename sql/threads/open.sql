-- Make a message the opening of its new thread. Shape: value, the thread's id.
-- psql -v thread_id=1 -v message_id=1 -f sql/threads/open.sql
update threads
set opening_id = :message_id, message_count = 1
where id = :thread_id
returning id
