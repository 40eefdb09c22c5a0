-- Begin to remove an account whose time has come: it is nobody's from now on. Its names are held back for a while, what
-- it shows of a person is taken off, its doors are closed (password, passkeys, sessions, links, address); what is needed
-- to the end is kept with the departure. The admins must be held: leaving/hold_admins.sql.
-- Shape: one (avatar_key), or nothing if it stays, or was begun before. Index: departures_pkey or departures_by_time.
-- psql -v account_id=1 -v days=90 -v minutes=10 -f sql/leaving/begin.sql
with begun as (
    update departures d
    set began_at = now(),
        names = array(select a.name union select f.name from former_names f where f.account_id = d.account_id),
        address = (select address from addresses where account_id = d.account_id and verified)
    from accounts a
    where d.account_id = :account_id
      and a.id = d.account_id
      and d.began_at is null
      and d.due_at <= now()
    returning d.account_id, a.name_key, a.avatar_key
),
held as (
    insert into held_names (name_hash, free_at)
    select sha256(convert_to(name_key, 'UTF8')), now() + make_interval(days => :days)
    from (
        select name_key from begun
        union
        select f.name_key from former_names f where f.account_id in (select account_id from begun)
    ) keys
    on conflict (name_hash) do update set free_at = greatest(held_names.free_at, excluded.free_at)
),
without_names as (
    delete from former_names where account_id in (select account_id from begun)
),
without_sessions as (
    delete from sessions where account_id in (select account_id from begun)
),
without_half_sign_ins as (
    delete from half_sign_ins where account_id in (select account_id from begun)
),
without_passkeys as (
    delete from passkeys where account_id in (select account_id from begun)
),
without_second_step as (
    delete from authenticators where account_id in (select account_id from begun)
),
without_links as (
    delete from links where account_id in (select account_id from begun)
),
without_address as (
    delete from addresses where account_id in (select account_id from begun)
),
-- As of pictures in messages/purge.sql.
released as (
    update pictures
    set touched_at = '-infinity'
    where key in (select avatar_key from begun)
      and touched_at < now() - make_interval(mins => :minutes)
)
update accounts a
set name = 'deleted person',
    name_key = 'GONE ' || a.id,
    password_hash = '!',
    role = 'member',
    form_key = null,
    about = '',
    about_html = '',
    avatar_key = null
from begun
where a.id = begun.account_id
returning begun.avatar_key
