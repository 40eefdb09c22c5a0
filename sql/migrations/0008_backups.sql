-- What became of each backup, drill and restore, for whoever watches. The backups themselves are in BACKUP_URL.
create table backups (
    id bigint generated always as identity primary key,
    kind text not null constraint a_backup_kind_is_known check (kind in ('backup', 'drill', 'restore')),
    -- Of the backup that was made, tried or restored; empty if it did not come so far as to have one.
    name text not null,
    started_at timestamptz not null,
    finished_at timestamptz not null default now(),
    -- Null if all went well, else the sentence that says what did not.
    problem text,
    -- Of the whole backup as stored, and what of it no earlier backup had stored already.
    bytes bigint not null default 0,
    new_bytes bigint not null default 0,
    -- Pictures that the database names and the picture store has lost.
    missing integer not null default 0
);

create index backups_by_kind on backups (kind, finished_at desc);
