-- Hold messages that are still of their author, in the order in which everybody holds them. Shape: many.
-- Index: messages_pkey. In one step with the other condition the planner would read all that the author wrote.
-- psql -v account_id=1 -v ids="'{1}'" -f sql/leaving/hold_messages.sql
with held as materialized (
    select id, thread_id, author_id
    from messages
    where id = any(cast(:ids as bigint[]))
    order by id
    for no key update
)
select id, thread_id
from held
where author_id = :account_id
