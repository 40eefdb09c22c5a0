-- How people come in: who invited whom, who waits to be let in, and the challenges that were solved once.
alter table accounts
    add column invited_by bigint references accounts on delete set null,
    -- Stays true: it leads to the roots of the tree without reading everybody.
    add column has_invited boolean not null default false,
    -- What those with the role waiting wait for: a moderator lets them in, an address is verified (accounts/let_in.sql).
    add column awaits_approval boolean not null default false,
    add column awaits_address boolean not null default false;

create index accounts_by_inviter on accounts (invited_by, id) where invited_by is not null;
create index accounts_at_the_root on accounts (id) where has_invited and invited_by is null;
create index accounts_waiting_for_address on accounts (created_at) where awaits_address;

create table invitations (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts on delete cascade,
    -- What the link names, signed: who reads this table can not make one.
    key uuid not null unique default gen_random_uuid(),
    note text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    used_at timestamptz,
    used_by bigint references accounts on delete set null
);

create index invitations_by_account on invitations (account_id, id);
create index invitations_of_late on invitations (account_id, created_at);
create index invitations_by_guest on invitations (used_by);

create table applications (
    account_id bigint primary key references accounts on delete cascade,
    answer text not null,
    created_at timestamptz not null default now(),
    decided_at timestamptz,
    accepted boolean,
    decided_by bigint references accounts on delete set null,
    sentence text not null default ''
);

create index applications_waiting on applications (account_id) where decided_at is null;
create index applications_decided on applications (decided_at, account_id) where decided_at is not null;
create index applications_by_judge on applications (decided_by) where decided_by is not null;

create table solved_challenges (
    key uuid primary key,
    expires_at timestamptz not null
);

create index solved_challenges_by_end on solved_challenges (expires_at);
