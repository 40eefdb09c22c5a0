-- Exports that are not offered any more, or were not finished within a day: those are given up. Shape: many.
-- Index: exports_by_time.
-- psql -v days=7 -f sql/leaving/list_old_exports.sql
select id, place, bytes
from exports
where asked_at < now() - interval '1 day'
  and (finished_at is null or finished_at < now() - make_interval(days => :days))
