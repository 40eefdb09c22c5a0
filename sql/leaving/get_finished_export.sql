-- An export to be downloaded by whom it is about. Shape: one, or nothing. Index: exports_pkey or exports_by_account.
-- psql -v id=1 -v account_id=1 -v days=7 -f sql/leaving/get_finished_export.sql
select id, place, bytes, finished_at
from exports
where id = :id
  and account_id = :account_id
  and finished_at > now() - make_interval(days => :days)
