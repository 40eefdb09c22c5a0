-- The last run of each kind (backup, drill, restore), and when one of its kind last went well. Shape: many.
-- Index: backups_by_kind.
-- psql -f sql/health/list_backups.sql
select
    last.kind,
    last.finished_at,
    last.problem,
    last.bytes,
    last.missing,
    (
        select well.finished_at
        from backups well
        where well.kind = last.kind and well.problem is null
        order by well.finished_at desc
        limit 1
    ) as well_at
from (values ('backup'), ('drill'), ('restore')) as kinds (kind)
cross join lateral (
    select *
    from backups
    where backups.kind = kinds.kind
    order by backups.finished_at desc
    limit 1
) as last
