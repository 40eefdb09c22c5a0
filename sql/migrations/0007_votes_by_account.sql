-- One person's vote on one message is looked up by both columns, whichever index the planner takes, and in a subselect.
-- It knows only how many votes people cast on average: in a join it compared each of 26 threads with all of a person's
-- 5,000 votes.
drop index votes_by_account;
create index votes_by_account on votes (account_id, message_id);
