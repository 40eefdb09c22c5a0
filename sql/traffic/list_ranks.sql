-- Of each day that is over, and has been for so many minutes, how many registers have each rank. Shape: many.
-- Index: traffic_registers_pkey.
-- psql -v minutes=10 -f sql/traffic/list_ranks.sql
select day, rank, count(*) as registers
from traffic_registers
where day < cast((now() - make_interval(mins => :minutes)) at time zone 'UTC' as date)
group by day, rank
order by day
