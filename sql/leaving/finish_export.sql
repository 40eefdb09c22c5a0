-- Offer an export. Shape: one (account_id, ends_at), or nothing if somebody began it anew, or its account is gone.
-- Index: exports_pkey or one_export_at_a_time.
-- psql -v id=1 -v place="'00000000-0000-0000-0000-000000000000'" -v bytes=5 -v days=7 -f sql/leaving/finish_export.sql
update exports
set finished_at = now(), bytes = :bytes, done = total
where id = :id
  and place = :place
  and finished_at is null
returning account_id, finished_at + make_interval(days => :days) as ends_at
