-- Let somebody moderate a board, by an admin, and write it down. Shape: value, the name, or nothing if they do already, or
-- wait for approval, or the actor is no admin. Index: accounts_pkey.
-- psql -v account_id=2 -v actor_id=1 -v board_id=1 -f sql/roles/appoint.sql
with appointed as (
    insert into board_moderators (account_id, board_id)
    select a.id, b.id
    from accounts a
    cross join boards b
    where a.id = :account_id
      and a.role <> 'waiting'
      and b.id = :board_id
      and exists (select from accounts actor where actor.id = :actor_id and actor.role = 'admin')
    on conflict do nothing
    returning account_id, board_id
),
written as (
    insert into deeds (account_id, actor_id, action, details)
    select p.account_id, :actor_id, 'appointed', jsonb_build_object('board', b.name)
    from appointed p
    join boards b on b.id = p.board_id
)
select a.name
from appointed
join accounts a on a.id = appointed.account_id
