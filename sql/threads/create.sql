-- Start a thread; threads/open.sql gives it its opening message in the same transaction. Shape: value, the id.
-- psql -v board_id=1 -v author_id=1 -v title="'Hello'" -f sql/threads/create.sql
insert into threads (board_id, author_id, title)
values (:board_id, :author_id, :title)
returning id
