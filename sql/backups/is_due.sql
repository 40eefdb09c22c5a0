-- Whether it is time for a backup: no good one began in so many hours, and none failed within the last one.
-- Shape: value, true or false. Index: backups_by_kind.
-- psql -v hours=24 -f sql/backups/is_due.sql
select coalesce(
    (select max(finished_at) from backups where kind = 'backup' and problem is null)
        < now() - make_interval(hours => :hours),
    true
)
and coalesce(
    (select max(finished_at) from backups where kind = 'backup' and problem is not null) < now() - interval '1 hour',
    true
)
