-- Boards, the threads in them, and the messages of a thread; the first message of a thread is its opening.
create table boards (
    id integer generated always as identity primary key,
    slug text not null constraint a_slug_is_taken_once unique
        constraint a_slug_is_short_and_plain check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
    name text not null constraint a_board_name_has_1_to_40_characters check (char_length(name) between 1 and 40),
    description text not null default '' constraint a_description_has_300_characters check (char_length(description) <= 300),
    created_at timestamptz not null default now()
);

insert into boards (slug, name, description) values ('general', 'General', 'Anything that has no place elsewhere.');

create table threads (
    id bigint generated always as identity primary key,
    board_id integer not null references boards,
    author_id bigint not null references accounts,
    title text not null constraint a_title_has_120_characters check (char_length(title) <= 120),
    created_at timestamptz not null default now(),
    -- Null only inside the transaction that starts the thread.
    opening_id bigint,
    -- What follows is kept by the statements that write messages and votes, each in the same statement.
    last_activity_at timestamptz not null default now(),
    message_count integer not null default 0,
    ups integer not null default 0,
    downs integer not null default 0,
    all_ups integer not null default 0,
    all_downs integer not null default 0,
    -- The sum of (score + 1) over the messages of others than the author: for the hot order.
    others_points integer not null default 0,
    locked_at timestamptz,
    deleted_at timestamptz,
    deleted_by bigint references accounts,
    purged_at timestamptz,
    score integer not null generated always as (ups - downs) stored,
    all_score integer not null generated always as (all_ups - all_downs) stored,
    -- A thread begins at 1 point, as Lobsters' do by their author's own vote, which does not exist here.
    hot double precision not null generated always as (
        hot_rank(ups - downs + 1, others_points, extract(epoch from created_at - timestamptz '1970-01-01 00:00:00+00')::double precision)
    ) stored,
    controversy double precision not null generated always as (controversy(ups, downs)) stored
);

create table messages (
    id bigint generated always as identity primary key,
    thread_id bigint not null references threads,
    author_id bigint not null references accounts,
    reply_to bigint references messages,
    text text not null,
    -- The text as safe HTML, made when it was written.
    html text not null,
    form_key uuid not null,
    created_at timestamptz not null default now(),
    edited_at timestamptz,
    -- Counts the edits, so that two edits of one text are noticed.
    revision integer not null default 0,
    ups integer not null default 0,
    downs integer not null default 0,
    deleted_at timestamptz,
    deleted_by bigint references accounts,
    purged_at timestamptz,
    score integer not null generated always as (ups - downs) stored,
    wilson double precision not null generated always as (wilson_lower_bound(ups, downs)) stored,
    constraint a_form_counts_once unique (author_id, form_key)
);

alter table threads add constraint a_thread_opens_with_a_message foreign key (opening_id) references messages;

-- What a message said before each edit.
create table revisions (
    message_id bigint not null references messages on delete cascade,
    revision integer not null,
    html text not null,
    written_at timestamptz not null,
    primary key (message_id, revision)
);

-- The orders of threads, everywhere and in one board.
create index threads_by_activity on threads (last_activity_at desc, id desc) where deleted_at is null;
create index threads_by_hot on threads (hot desc, id desc) where deleted_at is null;
create index threads_by_score on threads (score desc, id desc) include (created_at) where deleted_at is null;
create index threads_by_controversy on threads (controversy desc, id desc) where deleted_at is null;
create index threads_by_time on threads (created_at desc, id desc) where deleted_at is null;
create index threads_by_board_and_activity on threads (board_id, last_activity_at desc, id desc) where deleted_at is null;
create index threads_by_board_and_hot on threads (board_id, hot desc, id desc) where deleted_at is null;
create index threads_by_board_and_score on threads (board_id, score desc, id desc) include (created_at) where deleted_at is null;
create index threads_by_board_and_controversy on threads (board_id, controversy desc, id desc) where deleted_at is null;
create index threads_by_board_and_time on threads (board_id, created_at desc, id desc) where deleted_at is null;
create index threads_by_author on threads (author_id, id desc) where deleted_at is null;
create index threads_to_purge on threads (deleted_at) where deleted_at is not null and purged_at is null;

create index messages_by_thread on messages (thread_id, id);
create index messages_by_thread_and_wilson on messages (thread_id, wilson desc, id);
create index messages_by_author on messages (author_id, id desc) where deleted_at is null;
create index messages_by_answered on messages (reply_to) where reply_to is not null;
create index messages_to_purge on messages (deleted_at) where deleted_at is not null and purged_at is null;
