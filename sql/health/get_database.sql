-- How the database does: its version and size, who is connected, and how far replicas are behind (null: that is not
-- known, or there is none). Shape: one. Index: none, these are the server's own views.
-- psql -f sql/health/get_database.sql
select
    current_setting('server_version') as version,
    pg_database_size(current_database()) as bytes,
    (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
    cast(current_setting('max_connections') as integer) as most_connections,
    (select count(*) from pg_stat_replication) as replicas,
    (
        select cast(extract(epoch from max(coalesce(replay_lag, interval '0'))) as double precision)
        from pg_stat_replication
    ) as lag_seconds
