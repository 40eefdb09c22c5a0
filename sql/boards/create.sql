-- Make a board, unless the slug is taken. Shape: one, or nothing if taken.
-- psql -v slug="'news'" -v name="'News'" -v description="''" -f sql/boards/create.sql
insert into boards (slug, name, description)
values (:slug, :name, :description)
on conflict (slug) do nothing
returning id, slug
