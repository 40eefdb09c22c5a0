-- Let somebody moderate a board no more, by an admin, and write it down. Shape: value, the name, or nothing if they did
-- not, or the actor is no admin.
-- psql -v account_id=2 -v actor_id=1 -v board_id=1 -f sql/roles/dismiss.sql
with dismissed as (
    delete from board_moderators
    where account_id = :account_id
      and board_id = :board_id
      and exists (select from accounts actor where actor.id = :actor_id and actor.role = 'admin')
    returning account_id, board_id
),
written as (
    insert into deeds (account_id, actor_id, action, details)
    select d.account_id, :actor_id, 'dismissed', jsonb_build_object('board', b.name)
    from dismissed d
    join boards b on b.id = d.board_id
)
select a.name
from dismissed
join accounts a on a.id = dismissed.account_id
