-- Roles: new people, members, those who are trusted, moderators of some boards or of all, admins; who waits for approval
-- has none yet. What each may do is one table in board/permissions.py.
alter table accounts drop constraint a_role_is_known;
alter table accounts
    add constraint a_role_is_known check (role in ('waiting', 'new', 'member', 'trusted', 'moderator', 'admin')),
    -- Trust is earned, unless an admin gave or withheld it.
    add column trust text not null default 'earned' constraint trust_is_earned_given_or_withheld
        check (trust in ('earned', 'given', 'withheld')),
    -- Until then they can neither sign in nor write; 'infinity' is for ever.
    add column suspended_until timestamptz,
    add column suspended_reason text not null default ''
        constraint a_suspension_has_300_characters_of_reason check (char_length(suspended_reason) <= 300),
    -- When it was last looked at whether they are still new, and whether they are trusted.
    add column role_settled_at timestamptz not null default now();

create index accounts_by_role on accounts (role, id desc);
create index accounts_suspended on accounts (id desc) where suspended_until is not null;
create index accounts_to_settle on accounts (role_settled_at) where role in ('new', 'member', 'trusted');

-- Who moderates a single board; moderators of all have it as their role.
create table board_moderators (
    account_id bigint not null references accounts on delete cascade,
    board_id integer not null references boards on delete cascade,
    appointed_at timestamptz not null default now(),
    primary key (account_id, board_id)
);

create index board_moderators_by_board on board_moderators (board_id);

-- What moderators removed of somebody's: trust is lost by it.
create index messages_removed on messages (author_id, deleted_at) where deleted_by <> author_id;
create index threads_removed on threads (author_id, deleted_at) where deleted_by <> author_id;

-- The list of people is searched by how a name begins.
create index accounts_by_beginning on accounts (name_key text_pattern_ops, id);

-- What admins and moderators did to people. Kept as long as the account is.
create table deeds (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts on delete cascade,
    -- Null once that account is gone.
    actor_id bigint references accounts on delete set null,
    -- A row of DEEDS in board/roles/log.py, and what its sentence names.
    action text not null,
    details jsonb not null default '{}',
    reason text not null default '',
    done_at timestamptz not null default now()
);

create index deeds_by_account on deeds (account_id, id desc);
create index deeds_by_actor on deeds (actor_id);
