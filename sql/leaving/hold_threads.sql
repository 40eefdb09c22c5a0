-- Hold threads, in the order in which everybody holds them. Shape: many, ids. Index: threads_pkey.
-- psql -v ids="'{1}'" -f sql/leaving/hold_threads.sql
select id
from threads
where id = any(cast(:ids as bigint[]))
order by id
for no key update
