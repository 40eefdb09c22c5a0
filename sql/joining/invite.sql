-- Make an invitation, unless its host has made as many in four weeks as they may (`most`; null: any number); those that
-- came to nothing are not counted. Shape: value, the id; nothing if they may not, or if the form was sent before.
-- Index: invitations_of_late.
-- psql -v account_id=1 -v key="'00000000-0000-0000-0000-000000000000'" -v note="''" -v days=14 -v most=5 -f sql/joining/invite.sql
insert into invitations (account_id, key, note, expires_at)
select :account_id, cast(:key as uuid), :note, now() + make_interval(days => :days)
where cast(:most as integer) is null
   or :most > (
        select count(*)
        from invitations
        where account_id = :account_id
          and created_at > now() - interval '28 days'
          and (used_at is not null or revoked_at is null and expires_at > now())
    )
on conflict (key) do nothing
returning id
