-- Destroy the salts of days that are over, and have been for so many minutes. Shape: many. Index: none, two rows.
-- psql -v minutes=10 -f sql/traffic/delete_salts.sql
delete from traffic_salts
where day < cast((now() - make_interval(mins => :minutes)) at time zone 'UTC' as date)
returning day
