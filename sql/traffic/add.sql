-- Add a batch of counts: all of it, or nothing if this very batch was added before. The rows of each table are taken in
-- the order of its key, so that two processes can not lock each other out. Shape: value, true or false.
-- Index: traffic_batches_pkey, traffic_counts_pkey, traffic_times_pkey, traffic_threads_pkey, traffic_registers_pkey.
-- psql -v process="gen_random_uuid()" -v number=1 -v hours="'{2026-01-01 10:00+00}'" -v dimensions="'{kind}'" -v keys="'{person}'" -v requests="'{1}'" -v views="'{1}'" -v bytes="'{900}'" -v time_hours="'{2026-01-01 10:00+00}'" -v routes="'{/}'" -v buckets="'{50}'" -v times="'{1}'" -v thread_days="'{2026-01-01}'" -v thread_ids="'{1}'" -v thread_views="'{1}'" -v register_days="'{2026-01-01}'" -v registers="'{7}'" -v ranks="'{3}'" -f sql/traffic/add.sql
with turn as (
    insert into traffic_batches as known (process, number)
    values (cast(:process as uuid), cast(:number as bigint))
    on conflict (process) do update set number = excluded.number, added_at = now()
    where known.number < excluded.number
    returning process
),
spans (span) as (
    values ('hour'), ('day'), ('week')
),
counts as (
    insert into traffic_counts as known (span, dimension, at, key, requests, views, bytes)
    select s.span, n.dimension, date_trunc(s.span, n.hour, 'UTC') as at, n.key, sum(n.requests), sum(n.views), sum(n.bytes)
    from turn
    cross join spans s
    cross join unnest(
        cast(:hours as timestamptz[]),
        cast(:dimensions as text[]),
        cast(:keys as text[]),
        cast(:requests as bigint[]),
        cast(:views as bigint[]),
        cast(:bytes as bigint[])
    ) as n (hour, dimension, key, requests, views, bytes)
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4
    on conflict (span, dimension, at, key) do update
    set requests = known.requests + excluded.requests,
        views = known.views + excluded.views,
        bytes = known.bytes + excluded.bytes
    returning 1
),
times as (
    insert into traffic_times as known (span, at, route, bucket, requests)
    select s.span, date_trunc(s.span, n.hour, 'UTC') as at, n.route, n.bucket, sum(n.requests)
    from turn
    cross join spans s
    cross join unnest(
        cast(:time_hours as timestamptz[]),
        cast(:routes as text[]),
        cast(:buckets as smallint[]),
        cast(:times as bigint[])
    ) as n (hour, route, bucket, requests)
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4
    on conflict (span, at, route, bucket) do update
    set requests = known.requests + excluded.requests
    returning 1
),
threads_opened as (
    insert into traffic_threads as known (thread_id, day, views)
    select n.thread_id, n.day, n.views
    from turn
    cross join unnest(
        cast(:thread_days as date[]),
        cast(:thread_ids as bigint[]),
        cast(:thread_views as bigint[])
    ) as n (day, thread_id, views)
    order by 1, 2
    on conflict (thread_id, day) do update
    set views = known.views + excluded.views
    returning 1
),
visitors as (
    insert into traffic_registers as known (day, register, rank)
    select n.day, n.register, n.rank
    from turn
    cross join unnest(
        cast(:register_days as date[]),
        cast(:registers as smallint[]),
        cast(:ranks as smallint[])
    ) as n (day, register, rank)
    order by 1, 2
    on conflict (day, register) do update
    set rank = excluded.rank
    where known.rank < excluded.rank
    returning 1
)
select exists (select from turn)
