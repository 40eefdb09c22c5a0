-- Signing in: what the list of sessions shows, and the moment between the password and the second step.
-- Nothing here holds a whole address or a browser's own name for itself.
alter table sessions
    -- To end one session out of a list.
    add column id bigint generated always as identity constraint a_session_has_its_number unique,
    -- Whether it outlives the browser.
    add column remembered boolean not null default true,
    -- Such as "Firefox on Android", and the network's first part, such as 203.0.*.*; empty if not known.
    add column device text not null default '',
    add column network text not null default '';

-- Who has shown the right password and owes the second step. One row is one browser; it is used up once.
create table half_sign_ins (
    -- SHA-256 of the token in the cookie.
    token_hash bytea primary key,
    account_id bigint not null references accounts on delete cascade,
    -- SHA-256 of the password's hash: with another password this is void.
    password_digest bytea not null,
    next_page text not null,
    remember boolean not null,
    -- The rows of sign_in_tries that are given back when it ends well.
    tries_keys bytea[] not null,
    -- How often a code was tried.
    codes_tried integer not null default 0,
    expires_at timestamptz not null
);

create index half_sign_ins_by_account on half_sign_ins (account_id);
create index half_sign_ins_by_end on half_sign_ins (expires_at);

-- How often somebody tried to sign in, by board/signin/throttle.py. A row is at rest after a day.
create table sign_in_tries (
    -- A keyed hash of what is counted: a browser, a name from a network, a network, a name.
    key bytea primary key,
    -- Tries that count: each one more, and one less for each time that passes.
    level double precision not null,
    tried_at timestamptz not null default now(),
    -- No other try counts before.
    due_at timestamptz not null
);

create index sign_in_tries_by_time on sign_in_tries (tried_at);
