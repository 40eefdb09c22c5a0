-- Whether the board has no thread at all. Shape: value, true or false.
-- psql -f sql/demo/is_empty.sql
select not exists (select from threads)
