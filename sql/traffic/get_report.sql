-- What is behind the sums of a time and of the time before it (`since` parts the two): the largest keys of each
-- dimension, how long the answers on each route took, the same of all pages (route *) by hour, day or week, and the threads
-- opened most. These are the best of those that were among the first 20 on one day: what is never there in any day is
-- not in the sum either, and of a million rows a few hundred are read. Shape: one, of arrays of arrays.
-- Index: traffic_counts_pkey, traffic_times_pkey, traffic_threads_by_day, traffic_threads_pkey.
-- psql -v span="'day'" -v since="now() - interval '30 days'" -v before="now() - interval '60 days'" -f sql/traffic/get_report.sql
with sums as (
    select
        dimension,
        key,
        coalesce(sum(requests) filter (where at >= cast(:since as timestamptz)), 0) as requests,
        coalesce(sum(views) filter (where at >= cast(:since as timestamptz)), 0) as views,
        coalesce(sum(bytes) filter (where at >= cast(:since as timestamptz)), 0) as bytes,
        coalesce(sum(requests) filter (where at < cast(:since as timestamptz)), 0) as requests_before
    from traffic_counts
    where span = :span
      and dimension in ('route', 'status', 'kind', 'referrer', 'device', 'language')
      and at >= cast(:before as timestamptz)
    group by dimension, key
),
largest as (
    select *, row_number() over (partition by dimension order by requests desc, key) as place
    from sums
    where requests > 0
),
times as (
    select route, bucket, sum(requests) as requests
    from traffic_times
    where span = :span
      and at >= cast(:since as timestamptz)
      and route <> '*'
    group by route, bucket
),
days as (
    select cast(generate_series(cast(:since as timestamptz) at time zone 'UTC', now() at time zone 'UTC', interval '1 day') as date) as day
),
candidates as (
    select distinct first.thread_id
    from days
    cross join lateral (
        select thread_id
        from traffic_threads
        where day = days.day
        order by views desc, thread_id
        limit 20
    ) first
),
opened as (
    select t.id, t.title, v.views
    from candidates c
    join threads t on t.id = c.thread_id
    cross join lateral (
        select sum(views) as views
        from traffic_threads
        where thread_id = c.thread_id
          and day >= (select min(day) from days)
    ) v
    where t.deleted_at is null
    order by v.views desc, t.id
    limit 10
)
select
    (
        select jsonb_agg(jsonb_build_array(dimension, key, requests, views, bytes, requests_before) order by requests desc, key)
        from largest
        where place <= 20 or dimension = 'route'
    ) as sums,
    (
        select jsonb_agg(jsonb_build_array(route, bucket, requests))
        from times
    ) as times,
    (
        select jsonb_agg(jsonb_build_array(cast(extract(epoch from at) as bigint), bucket, requests))
        from traffic_times
        where span = :span
          and at >= cast(:before as timestamptz)
          and route = '*'
    ) as paces,
    (
        select jsonb_agg(jsonb_build_array(id, title, views) order by views desc, id)
        from opened
    ) as threads
