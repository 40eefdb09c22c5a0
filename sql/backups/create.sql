-- Remember what became of a backup, a drill or a restore. Shape: value, its id.
-- psql -v kind="'drill'" -v name="''" -v seconds=1 -v problem=null -v bytes=0 -v new_bytes=0 -v missing=0 -f sql/backups/create.sql
insert into backups (kind, name, started_at, finished_at, problem, bytes, new_bytes, missing)
values (
    :kind,
    :name,
    clock_timestamp() - make_interval(secs => cast(:seconds as double precision)),
    clock_timestamp(),
    cast(:problem as text),
    :bytes,
    :new_bytes,
    :missing
)
returning id
