-- People, and the sessions in which they are signed in.
create table accounts (
    id bigint generated always as identity primary key,
    name text not null constraint a_name_has_2_to_24_characters check (char_length(name) between 2 and 24),
    -- The form that two names share when they look alike: board/kit/names.py.
    name_key text not null constraint a_name_looks_like_no_other unique,
    password_hash text not null,
    role text not null default 'member' constraint a_role_is_known check (role in ('member', 'moderator', 'admin')),
    -- The hidden key of the sign-up form: sent twice, it makes one account.
    form_key uuid,
    created_at timestamptz not null default now()
);

create table sessions (
    -- SHA-256 of the token in the cookie: who reads this table can not sign in by it.
    token_hash bytea primary key,
    account_id bigint not null references accounts on delete cascade,
    created_at timestamptz not null default now(),
    touched_at timestamptz not null default now(),
    expires_at timestamptz not null
);

create index sessions_by_account on sessions (account_id);
create index sessions_by_end on sessions (expires_at);
