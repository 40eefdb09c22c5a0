-- Note that the receipt was given to the mail. Shape: value, the id. Index: departures_pkey.
-- psql -v account_id=1 -f sql/leaving/note_mailed.sql
update departures
set mailed_at = now()
where account_id = :account_id
returning account_id
