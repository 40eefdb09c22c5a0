-- Begin to set up an app. The secret of the last quarter of an hour stays: perhaps the app has it already.
-- Shape: value, the account's id, or nothing if it is set up.
-- psql -v account_id=1 -v secret="'x'" -f sql/factors/start.sql
insert into authenticators (account_id, secret)
values (:account_id, :secret)
on conflict (account_id) do update
set secret = case
        when authenticators.created_at > now() - interval '15 minutes' then authenticators.secret
        else excluded.secret
    end,
    created_at = now()
where authenticators.enabled_at is null
returning account_id
