-- Whether the board has no thread at all. Shape: value, true or false.
-- psql -f sql/threads/is_empty.sql
select not exists (select from threads)
