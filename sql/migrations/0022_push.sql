-- Push messages: the board's own pair of keys, and the browsers that are to be told.
create table push_keys (
    -- There is one pair, for as long as anybody is subscribed: a browser believes this one only.
    one boolean primary key default true constraint there_is_one_pair_of_push_keys check (one),
    -- The private key of RFC 8292 (VAPID), sealed: board/kit/seals.py.
    sealed text not null,
    public_key text not null
);

-- A browser, for as long as its session lasts: who signs out there is not told there any more.
create table push_subscriptions (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts on delete cascade,
    session_id bigint not null references sessions (id) on delete cascade,
    endpoint text not null constraint an_endpoint_is_subscribed_once unique
        constraint an_endpoint_has_1000_characters check (char_length(endpoint) <= 1000),
    -- Of RFC 8291, as the browser gave them.
    p256dh text not null,
    auth text not null,
    created_at timestamptz not null default now()
);

create index push_subscriptions_by_account on push_subscriptions (account_id);
create index push_subscriptions_by_session on push_subscriptions (session_id);
