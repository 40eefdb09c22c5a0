-- The names that somebody had before, for an export. Shape: many. Index: former_names_by_account.
-- psql -v account_id=1 -f sql/leaving/list_names.sql
select name, given_up_at
from former_names
where account_id = :account_id
order by id
