-- Whose application it is, and what was decided by whom. Shape: one. Index: applications_pkey.
-- psql -v account_id=1 -f sql/joining/get_application.sql
select a.name, p.decided_at, p.accepted, judge.name as judge
from applications p
join accounts a on a.id = p.account_id
left join accounts judge on judge.id = p.decided_by
where p.account_id = :account_id
