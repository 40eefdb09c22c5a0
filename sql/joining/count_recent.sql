-- How many joined within an hour, so many at most. Shape: value. Index: accounts_pkey.
-- psql -v most=320 -f sql/joining/count_recent.sql
select count(*)
from (select created_at from accounts order by id desc limit :most) newest
where created_at > now() - interval '1 hour'
