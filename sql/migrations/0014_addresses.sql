-- Links that work once, the addresses that they are mailed to, and what a person is told of what happened to the account.
create table links (
    -- SHA-256 of the token in the address: who reads this table can not use it.
    token_hash bytea primary key,
    purpose text not null,
    account_id bigint references accounts on delete cascade,
    payload jsonb not null default '{}',
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);

create index links_by_account on links (account_id, purpose);
create index links_by_end on links (expires_at);

-- How often somebody did something, as the time when they are at rest again: board/kit/quotas.py.
create table quotas (
    -- A keyed hash of what was done and by whom.
    key bytea primary key,
    due timestamptz not null
);

create index quotas_by_end on quotas (due);

create table addresses (
    account_id bigint not null references accounts on delete cascade,
    -- Whether somebody who reads mail there said yes. Beside such a one, another may wait for that.
    verified boolean not null,
    address text not null,
    -- The form that all ways to write one address share: board/addresses/rules.py.
    address_key text not null,
    since timestamptz not null default now(),
    constraint an_account_has_one_address primary key (account_id, verified)
);

-- Any number of accounts may wait for the same one: nobody can keep it from its owner by naming it first.
create unique index an_address_belongs_to_one_account on addresses (address_key) where verified;

-- Who asked for a link to a new password, until a job has looked whom that is; the form itself looks nothing up.
create table forgotten (
    id bigint generated always as identity primary key,
    -- A name or an address.
    typed text not null,
    network text not null,
    created_at timestamptz not null default now()
);

create index forgotten_by_time on forgotten (created_at);

create table account_events (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts on delete cascade,
    -- A row of board/notices.py, and what its sentence needs.
    kind text not null,
    details jsonb not null default '{}',
    -- Both empty where somebody else did it, or a job.
    device text not null,
    network text not null,
    created_at timestamptz not null default now()
);

create index account_events_by_account on account_events (account_id, id);
create index account_events_by_time on account_events (created_at);
