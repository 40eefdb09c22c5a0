-- Forget the hours, days and weeks that no page shows any more: each is summed up in the next longer one. Weeks stay for
-- three years. Shape: value, how many rows. Index: traffic_counts_pkey, traffic_times_pkey, traffic_threads_by_day,
-- traffic_batches_by_time.
-- psql -f sql/traffic/prune.sql
with ends (span, at) as (
    values
        ('hour', now() - interval '3 days'),
        ('day', now() - interval '190 days'),
        ('week', now() - interval '3 years')
),
counts as (
    delete from traffic_counts t
    using ends
    where t.span = ends.span
      and t.at < ends.at
    returning 1
),
times as (
    delete from traffic_times t
    using ends
    where t.span = ends.span
      and t.at < ends.at
    returning 1
),
threads_opened as (
    delete from traffic_threads
    where day < cast(now() at time zone 'UTC' as date) - 760
    returning 1
),
batches as (
    delete from traffic_batches
    where added_at < now() - interval '30 days'
    returning 1
)
select (select count(*) from counts) + (select count(*) from times) + (select count(*) from threads_opened) + (select count(*) from batches)
