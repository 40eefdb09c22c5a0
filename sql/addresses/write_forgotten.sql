-- Somebody asked for a link to a new password. Shape: value, the request's id.
-- psql -v typed="'alice'" -v network="'203.0.113.9'" -f sql/addresses/write_forgotten.sql
insert into forgotten (typed, network)
values (:typed, :network)
returning id
