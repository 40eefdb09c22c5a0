-- Work for later: what a feature leaves behind in its own transaction, and what comes round again and again.
create table jobs (
    id bigint generated always as identity primary key,
    kind text not null,
    -- Ids only: whoever does the job reads the rest as it is then.
    payload jsonb not null default '{}',
    -- Where given, at most one job of this kind and key waits.
    key text,
    -- Periodic work has one row for ever, which is put back instead of deleted.
    every interval constraint a_period_has_an_end check (every > interval '0'),
    created_at timestamptz not null default now(),
    -- When it may be taken. While a process works on it: when its lease ends, and another may take it.
    run_at timestamptz not null default now(),
    -- Of the process that works on it, made anew whenever it is taken.
    lease uuid,
    -- Counted when it is taken, so that a job which kills its process does not do so for ever.
    attempts integer not null default 0,
    started_at timestamptz,
    finished_at timestamptz,
    -- Of the last run: how much it did, or why it failed.
    result bigint,
    error text,
    -- It failed too often, and waits for a person.
    dead_at timestamptz,
    constraint a_dead_job_is_not_worked_on check (dead_at is null or lease is null)
);

create unique index one_job_waits_per_key on jobs (kind, key) where lease is null and dead_at is null;
create unique index periodic_work_has_one_row on jobs (kind) where every is not null;
create index jobs_to_take on jobs (kind, run_at) where dead_at is null;
