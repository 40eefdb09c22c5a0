-- What somebody may do on single boards, for an export. Shape: many.
-- psql -v account_id=1 -f sql/leaving/list_roles.sql
select b.name as board, m.appointed_at
from board_moderators m
join boards b on b.id = m.board_id
where m.account_id = :account_id
order by m.appointed_at
