-- Change the text of one's own message and keep what it said. Shape: value, the new revision; nothing if the message is
-- not the viewer's, is gone or locked, or was changed since the revision that was edited.
-- Index: messages_pkey or messages_by_author.
-- psql -v message_id=1 -v viewer_id=1 -v revision=0 -v text="'Hi'" -v html="'<p>Hi'" -f sql/messages/edit.sql
with changed as (
    update messages m
    set text = :text, html = :html, revision = m.revision + 1, edited_at = now()
    from threads t
    where m.id = :message_id
      and m.author_id = :viewer_id
      and m.revision = :revision
      and m.deleted_at is null
      and t.id = m.thread_id
      and t.deleted_at is null
      and t.locked_at is null
    returning m.id, old.revision, old.html, coalesce(old.edited_at, old.created_at) as written_at, new.revision as new_revision
),
kept as (
    insert into revisions (message_id, revision, html, written_at)
    select id, revision, html, written_at
    from changed
)
select new_revision
from changed
