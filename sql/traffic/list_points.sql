-- The sums of each hour, day or week since a time: of each kind of asker, and the visitors; for days that are not closed
-- yet instead how many registers (requests) have each rank (key). Visitors of an hour are not known: of a day or a week.
-- Shape: many. Index: traffic_counts_pkey; the registers of a day or two are read whole.
-- psql -v span="'day'" -v visitors_span="'day'" -v since="now() - interval '60 days'" -f sql/traffic/list_points.sql
select at, dimension, key, requests, views, bytes
from traffic_counts
where span = :span
  and dimension = 'kind'
  and at >= cast(:since as timestamptz)
union all
select at, dimension, key, requests, 0, 0
from traffic_counts
where span = :visitors_span
  and dimension = 'visitors'
  and at >= cast(:since as timestamptz)
union all
select cast(day as timestamp) at time zone 'UTC', 'rank', cast(rank as text), count(*), 0, 0
from traffic_registers
where day >= cast(cast(:since as timestamptz) at time zone 'UTC' as date)
group by day, rank
