-- Hold a thread's row, so that the next statement sees what all before us have done to it. Shape: value, the id.
-- psql -v thread_id=1 -f sql/threads/hold.sql
select id
from threads
where id = :thread_id
for no key update
