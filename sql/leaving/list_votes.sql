-- The votes that somebody gave, in the order of the messages, for an export. Shape: many, at most size.
-- Index: votes_by_account.
-- psql -v account_id=7 -v after=0 -v size=5 -f sql/leaving/list_votes.sql
select message_id, value, cast_at
from votes
where account_id = :account_id
  and value <> 0
  and message_id > cast(:after as bigint)
order by message_id
limit :size
