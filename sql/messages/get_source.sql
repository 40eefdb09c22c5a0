-- What was typed, to edit or quote it; nothing of a deleted one. Shape: one. Index: messages_pkey.
-- psql -v message_id=1 -f sql/messages/get_source.sql
select
    m.id,
    m.thread_id,
    m.author_id,
    a.name as author_name,
    m.text,
    m.html,
    m.revision,
    m.created_at,
    m.edited_at,
    t.title as thread_title,
    t.opening_id = m.id as opening,
    t.locked_at is not null as locked
from messages m
join threads t on t.id = m.thread_id
join accounts a on a.id = m.author_id
where m.id = :message_id
  and m.deleted_at is null
  and t.deleted_at is null
