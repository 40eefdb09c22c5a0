-- Ask for an export, unless one is being made or was made within the last day. Shape: value, its id, or nothing.
-- Index: exports_by_account.
-- psql -v account_id=1 -f sql/leaving/create_export.sql
insert into exports (account_id)
select :account_id
where not exists (
    select from exports
    where account_id = :account_id
      and asked_at > now() - interval '1 day'
)
on conflict do nothing
returning id
