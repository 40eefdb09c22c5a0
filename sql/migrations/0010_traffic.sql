-- What is counted of requests: sums by hour, day and week, each dimension by itself and never their product, so that a
-- day adds a few hundred rows whatever the crowd. No row is about one person.
create table traffic_counts (
    span text not null constraint a_span_of_counts_is_known check (span in ('hour', 'day', 'week')),
    -- For all requests: route, status, kind. For what people looked at: referrer, device, language. Days: visitors.
    dimension text not null,
    -- Where the hour, day or week begins, in UTC.
    at timestamptz not null,
    key text not null,
    requests bigint not null,
    views bigint not null,
    bytes bigint not null,
    primary key (span, dimension, at, key)
);

-- How long answers took, by the buckets of board/kit/sketches.py: sketches merge by adding up.
create table traffic_times (
    span text not null constraint a_span_of_times_is_known check (span in ('hour', 'day', 'week')),
    at timestamptz not null,
    -- * for all answers that are pages or parts of them.
    route text not null,
    bucket smallint not null,
    requests bigint not null,
    primary key (span, at, route, bucket)
);

-- How often people opened a thread. Without a reference to the thread, so that a view locks nothing there.
create table traffic_threads (
    thread_id bigint not null,
    day date not null,
    views bigint not null,
    primary key (thread_id, day)
);

create index traffic_threads_by_day on traffic_threads (day, views desc, thread_id);

-- The visitors of days that are not closed yet, as the registers of a HyperLogLog: no row is a visitor.
create table traffic_registers (
    day date not null,
    register smallint not null,
    rank smallint not null,
    primary key (day, register)
);

-- What makes the registers of a day meaningless to everybody once it is gone, so it must be gone everywhere: unlogged,
-- it is in no write-ahead log and on no replica. After a crash the day has a new one.
create unlogged table traffic_salts (
    day date primary key,
    salt uuid not null default gen_random_uuid()
);

-- The last batch that each process has added: one whose answer was lost on the way is sent again, and adds nothing.
create table traffic_batches (
    process uuid primary key,
    number bigint not null,
    added_at timestamptz not null default now()
);

create index traffic_batches_by_time on traffic_batches (added_at);
