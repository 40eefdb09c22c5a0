-- Who moderates a board: those appointed to it, then those who moderate all. Shape: many; a handful.
-- psql -v board_id=1 -f sql/roles/list_moderators.sql
select a.id, a.name, a.role, b.appointed_at, true as here
from board_moderators b
join accounts a on a.id = b.account_id
where b.board_id = :board_id
  and a.role in ('new', 'member', 'trusted')
union all
select id, name, role, null, false
from accounts
where role in ('moderator', 'admin')
order by here desc, appointed_at, name
limit 200
