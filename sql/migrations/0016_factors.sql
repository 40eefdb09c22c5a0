-- Second steps of signing in: the codes of an app, backup codes, and passkeys.
create table authenticators (
    account_id bigint primary key references accounts on delete cascade,
    -- What the app knows too, encrypted under SECRET_KEYS: board/kit/seals.py.
    secret text not null,
    created_at timestamptz not null default now(),
    -- Until a first code was right it is only being set up, and nobody is asked for one.
    enabled_at timestamptz,
    -- The half minute (since 1970) of the last code that was right: no code counts twice.
    last_step bigint not null default 0,
    -- Wrong codes in a row, and when the next may be tried.
    tries int not null default 0,
    open_at timestamptz not null default now(),
    -- A device that is trusted is so for this value: a new one, and none is any more.
    version uuid not null default gen_random_uuid(),
    -- The backup codes as long as they may be shown, encrypted too.
    fresh_codes text,
    fresh_until timestamptz
);

create table backup_codes (
    account_id bigint not null references accounts on delete cascade,
    -- SHA-256 of the account and of the code's 80 random bits.
    code_hash bytea not null,
    primary key (account_id, code_hash)
);

-- The random name by which passkeys know an account: not its id, which others see.
create table passkey_owners (
    account_id bigint primary key references accounts on delete cascade,
    handle uuid not null default gen_random_uuid() constraint a_handle_names_one_account unique
);

create table passkeys (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts on delete cascade,
    credential_id bytea not null constraint a_passkey_is_known_once unique,
    public_key bytea not null,
    -- What the passkey counted last; passkeys that are copied between devices say 0 for ever.
    sign_count bigint not null,
    transports text[] not null default '{}',
    name text not null constraint a_passkey_name_has_1_to_60_characters check (char_length(name) between 1 and 60),
    created_at timestamptz not null default now(),
    used_at timestamptz
);

create index passkeys_by_account on passkeys (account_id);

-- A challenge is signed and holds its own end; once answered it is here until then.
create table spent_challenges (
    challenge_hash bytea primary key,
    expires_at timestamptz not null
);

create index spent_challenges_by_end on spent_challenges (expires_at);
