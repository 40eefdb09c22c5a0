-- Begin to remove an account whose time has come: it is nobody's from now on. Its name is held back for a while, its
-- doors are closed (password, sessions, links, address); what is needed to the end is kept with the departure.
-- The admins must be held: leaving/hold_admins.sql. Shape: value, the id, or nothing if it stays, or was begun before.
-- Index: departures_pkey or departures_by_time.
-- psql -v account_id=1 -v days=90 -f sql/leaving/begin.sql
with begun as (
    update departures d
    set began_at = now(),
        names = array[a.name],
        address = (select address from addresses where account_id = d.account_id and verified)
    from accounts a
    where d.account_id = :account_id
      and a.id = d.account_id
      and d.began_at is null
      and d.due_at <= now()
    returning d.account_id, a.name_key
),
held as (
    insert into held_names (name_hash, free_at)
    select sha256(convert_to(name_key, 'UTF8')), now() + make_interval(days => :days)
    from begun
    on conflict (name_hash) do update set free_at = greatest(held_names.free_at, excluded.free_at)
),
without_sessions as (
    delete from sessions where account_id in (select account_id from begun)
),
without_links as (
    delete from links where account_id in (select account_id from begun)
),
without_address as (
    delete from addresses where account_id in (select account_id from begun)
)
update accounts a
set name = 'deleted person',
    name_key = 'GONE ' || a.id,
    password_hash = '!',
    role = 'member',
    form_key = null
from begun
where a.id = begun.account_id
returning a.id
