-- The exports that somebody asked for and that are kept, for an export. Shape: many. Index: exports_by_account.
-- psql -v account_id=1 -f sql/leaving/list_exports.sql
select id, asked_at, finished_at, bytes
from exports
where account_id = :account_id
order by asked_at
