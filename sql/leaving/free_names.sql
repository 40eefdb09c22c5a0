-- Names of people who left long enough ago, for everybody again. Shape: many. Index: held_names_by_time.
-- psql -f sql/leaving/free_names.sql
delete from held_names
where free_at <= now()
returning free_at
