-- Change a board's name and description; its slug, and so its address, stays. Shape: one.
-- psql -v board_id=1 -v name="'News'" -v description="''" -f sql/boards/edit.sql
update boards
set name = :name, description = :description
where id = :board_id
returning id, slug
