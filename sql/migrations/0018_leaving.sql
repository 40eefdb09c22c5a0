-- Leaving: a copy of everything to take along, and accounts that go. What stays of those is signed by account -1, which
-- is made when the first of them goes: the release before knows it as one more member, with a name nobody can have.
create table exports (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts on delete cascade,
    asked_at timestamptz not null default now(),
    -- The folder of its pieces in the store, another one for each attempt.
    place uuid,
    -- Messages and pictures that are in it, and how many there were when it was begun.
    done integer not null default 0,
    total integer,
    bytes bigint,
    finished_at timestamptz
);

create unique index one_export_at_a_time on exports (account_id) where finished_at is null;
create index exports_by_account on exports (account_id, asked_at);
create index exports_by_time on exports (asked_at);

create table departures (
    account_id bigint primary key references accounts on delete cascade,
    keeps_messages boolean not null,
    -- SHA-256 of the token in the address of the receipt.
    receipt_hash bytea not null unique,
    asked_at timestamptz not null default now(),
    due_at timestamptz not null,
    -- From here on there is no way back.
    began_at timestamptz,
    -- What the account does not hold any more while it goes: its names, for quotations, and where the receipt is sent.
    names text[] not null default '{}',
    address text,
    mailed_at timestamptz,
    -- What went so far: kind -> how many.
    counts jsonb not null default '{}'
);

create index departures_by_time on departures (due_at);

-- What went with an account, for who has the address. No row tells whose it was.
create table receipts (
    token_hash bytea primary key,
    finished_at timestamptz not null default now(),
    keeps_messages boolean not null,
    counts jsonb not null
);

create index receipts_by_time on receipts (finished_at);

-- Names of those who left, so that nobody steps into their place while they are remembered: SHA-256 of the form that
-- look-alikes share.
create table held_names (
    name_hash bytea primary key,
    free_at timestamptz not null
);

create index held_names_by_time on held_names (free_at);

-- Votes of people who left: they stay counted, without a row that tells whose they were.
alter table messages
    add column left_ups integer not null default 0,
    add column left_downs integer not null default 0;

create index messages_by_deleter on messages (deleted_by) where deleted_by is not null;
create index threads_by_deleter on threads (deleted_by) where deleted_by is not null;
create index threads_by_author_and_deleted on threads (author_id);
