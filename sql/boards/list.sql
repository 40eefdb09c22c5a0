-- All boards, for the navigation. Shape: many; a site has a handful.
-- psql -f sql/boards/list.sql
select id, slug, name, description
from boards
order by id
