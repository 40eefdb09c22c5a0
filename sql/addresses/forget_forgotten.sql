-- Forget who asked for a link when no job could see to it within a day. Shape: many. Index: forgotten_by_time.
-- psql -f sql/addresses/forget_forgotten.sql
delete from forgotten
where created_at < now() - interval '1 day'
returning id
