-- A board by its slug. Shape: one. Index: a_slug_is_taken_once.
-- psql -v slug="'general'" -f sql/boards/get.sql
select id, slug, name, description
from boards
where slug = :slug
