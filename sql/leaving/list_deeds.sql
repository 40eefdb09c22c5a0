-- What those who look after the board did about somebody, for an export: not who. Shape: many. Index: deeds_by_account.
-- psql -v account_id=1 -f sql/leaving/list_deeds.sql
select action, details, reason, done_at
from deeds
where account_id = :account_id
order by id
