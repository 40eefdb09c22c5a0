-- How far this server's log goes: written on a primary, replayed on a streaming replica. Shape: value, in bytes; null on
-- a server that is in recovery without a log of its own to replay, which nobody can tell the age of.
-- psql -f sql/replica/get_position.sql
select cast(pg_wal_lsn_diff(
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, '0/0') as bigint)
