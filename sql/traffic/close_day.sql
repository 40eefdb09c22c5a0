-- Keep how many visitors a day had, and destroy what that was estimated from. Shape: many, registers.
-- Index: traffic_registers_pkey, traffic_counts_pkey.
-- psql -v day="'2026-01-01'" -v visitors=7 -f sql/traffic/close_day.sql
with kept as (
    insert into traffic_counts as known (span, dimension, at, key, requests, views, bytes)
    select span, 'visitors', date_trunc(span, cast(cast(:day as date) as timestamp) at time zone 'UTC', 'UTC'), '', cast(:visitors as bigint), 0, 0
    from unnest(array['day', 'week']) as span
    on conflict (span, dimension, at, key) do update
    set requests = known.requests + excluded.requests
    returning 1
)
delete from traffic_registers
where day = cast(:day as date)
returning register
