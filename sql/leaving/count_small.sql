-- How much there is of what goes in one piece with an account. Shape: one, a column for each kind.
-- Index: sessions_by_account, mails_by_account, exports_by_account.
-- psql -v account_id=30000 -f sql/leaving/count_small.sql
select
    (select count(*) from former_names where account_id = :account_id) as names,
    (select count(*) from passkeys where account_id = :account_id) as passkeys,
    (select count(*) from sessions where account_id = :account_id) as sessions,
    (select count(*) from addresses where account_id = :account_id) as addresses,
    (select count(*) from mails where account_id = :account_id) as mails,
    (select count(*) from account_events where account_id = :account_id) as events,
    (select count(*) from exports where account_id = :account_id) as exports
