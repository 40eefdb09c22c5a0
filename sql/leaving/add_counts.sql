-- Add to what went with an account so far, in the transaction in which it went. Shape: value, the id.
-- Index: departures_pkey.
-- psql -v account_id=1 -v counts="'{\"messages\": 2}'" -f sql/leaving/add_counts.sql
update departures d
set counts = d.counts || (
    select coalesce(jsonb_object_agg(key, cast(value as bigint) + coalesce(cast(d.counts ->> key as bigint), 0)), '{}')
    from jsonb_each_text(cast(:counts as jsonb))
)
where account_id = :account_id
returning account_id
