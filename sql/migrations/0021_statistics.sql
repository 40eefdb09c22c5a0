-- What is counted of people and of the whole board, so that no page of statistics reads all messages.
-- A row a week, counted anew until the week is a week over; what is deleted later stays in it as a number.
create table statistics_weeks (
    -- Its Monday, in UTC, as all times here.
    week date primary key constraint a_week_begins_on_monday check (extract(isodow from week) = 1),
    joined integer not null,
    -- Who wrote anything.
    people integer not null,
    threads integer not null,
    messages integer not null,
    pictures integer not null,
    -- Votes on what was written in the week, whenever they were cast.
    ups integer not null,
    downs integer not null,
    -- Messages by the hour of the day, from 0 to 23.
    hours integer[] not null constraint a_day_has_24_hours check (cardinality(hours) = 24),
    -- Messages by the id of their board.
    boards jsonb not null,
    counted_at timestamptz not null default now()
);

-- The figures of people who wrote or voted very much: others are counted when somebody looks.
create table statistics_people (
    account_id bigint primary key references accounts on delete cascade,
    figures jsonb not null,
    counted_at timestamptz not null default now()
);

-- A few kilobytes each, to find the rows of a week.
create index messages_by_time on messages using brin (created_at) with (autosummarize = on);
create index accounts_by_time on accounts using brin (created_at) with (autosummarize = on);
