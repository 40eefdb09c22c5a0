-- The last run of each kind (backup, drill, restore), and when one of its kind last went well. Shape: many.
-- Index: backups_by_kind.
-- psql -f sql/health/list_backups.sql
select distinct on (kind)
    kind,
    finished_at,
    problem,
    bytes,
    missing,
    (select max(well.finished_at) from backups well where well.kind = last.kind and well.problem is null) as well_at
from backups last
order by kind, finished_at desc
