-- How far an export is. Shape: value, the id, or nothing if somebody began it anew, or its account is gone.
-- Index: exports_pkey or one_export_at_a_time.
-- psql -v id=1 -v place="'00000000-0000-0000-0000-000000000000'" -v done=5 -f sql/leaving/note_progress.sql
update exports
set done = :done
where id = :id
  and place = :place
  and finished_at is null
returning id
