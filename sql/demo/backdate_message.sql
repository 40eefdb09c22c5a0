-- Move a message of the demo to its time, and give it an earlier text if it was edited. Shape: value, the id.
-- psql -v message_id=1 -v minutes=60 -v edited_from=null -f sql/demo/backdate_message.sql
with moved as (
    update messages
    set created_at = now() - make_interval(mins => :minutes),
        revision = case when cast(:edited_from as text) is null then 0 else 1 end,
        edited_at = case when cast(:edited_from as text) is not null then now() - make_interval(mins => :minutes - 3) end
    where id = :message_id
    returning id, created_at
),
earlier as (
    insert into revisions (message_id, revision, html, written_at)
    select id, 0, cast(:edited_from as text), created_at
    from moved
    where cast(:edited_from as text) is not null
)
select id
from moved
