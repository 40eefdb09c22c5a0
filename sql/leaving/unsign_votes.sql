-- Keep what some votes of an account count, and forget whose they were. Shape: value, how many rows went.
-- Index: votes_by_account, messages_pkey.
-- psql -v account_id=1 -v batch=10 -f sql/leaving/unsign_votes.sql
with gone as (
    delete from votes
    where account_id = :account_id
      and message_id = any(array(select message_id from votes where account_id = :account_id limit :batch))
    returning message_id, value
),
held as (
    select id
    from messages
    where id = any(array(select message_id from gone where value <> 0))
    order by id
    for no key update
),
kept as (
    update messages m
    set left_ups = m.left_ups + cast(gone.value = 1 as integer),
        left_downs = m.left_downs + cast(gone.value = -1 as integer)
    from gone
    join held on held.id = gone.message_id
    where m.id = gone.message_id
    returning m.id
)
select count(*)
from gone
