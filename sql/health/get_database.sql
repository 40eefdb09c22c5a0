-- How the database does: its version and size, who is connected, and how far the last of its replicas is behind (an
-- idle one counts as 0), by the server's own views. Shape: one.
-- psql -f sql/health/get_database.sql
select
    current_setting('server_version') as version,
    pg_database_size(current_database()) as bytes,
    (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
    cast(current_setting('max_connections') as integer) as most_connections,
    (select count(*) from pg_stat_replication) as replicas,
    (
        select cast(coalesce(extract(epoch from max(replay_lag)), 0) as double precision) from pg_stat_replication
    ) as lag_seconds
