-- Let an account stay after all. Shape: value, the id, or nothing if it was not to go, or is going.
-- Index: departures_pkey.
-- psql -v account_id=1 -f sql/leaving/delete_departure.sql
delete from departures
where account_id = :account_id
  and began_at is null
returning account_id
