-- What somebody waits for, with their answer and what became of it. Shape: one. Index: accounts_pkey, applications_pkey.
-- psql -v account_id=1 -f sql/joining/get_waiting.sql
select
    a.awaits_approval,
    a.awaits_address,
    a.created_at,
    p.answer,
    p.created_at as applied_at,
    p.decided_at,
    p.accepted,
    p.sentence
from accounts a
left join applications p on p.account_id = a.id
where a.id = :account_id
