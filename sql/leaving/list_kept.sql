-- The copies of everything that somebody asked for, for their own page. Shape: many, (what, amount, told, at); see
-- board/people/account.py. Index: exports_by_account.
-- psql -v account_id=1 -f sql/leaving/list_kept.sql
select 'archive' as what, count(*) as amount, cast(null as text) as told, max(asked_at) as at
from exports
where account_id = :account_id
