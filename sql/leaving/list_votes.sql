-- The votes that somebody gave, in the order of the messages, for an export. Shape: many, at most size.
-- Index: votes_by_account.
-- psql -v account_id=7 -v after_message_id=0 -v size=5 -f sql/leaving/list_votes.sql
select message_id, value, cast_at
from votes
where account_id = :account_id
  and value <> 0
  and message_id > cast(:after_message_id as bigint)
order by message_id
limit :size
