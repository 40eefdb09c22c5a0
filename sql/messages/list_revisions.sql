-- What a message says and said, newest first; nothing of a deleted one. Shape: many. Index: revisions_pkey.
-- psql -v message_id=1 -f sql/messages/list_revisions.sql
select m.revision, m.html, coalesce(m.edited_at, m.created_at) as written_at
from messages m
join threads t on t.id = m.thread_id
where m.id = :message_id
  and m.deleted_at is null
  and t.deleted_at is null
union all
select r.revision, r.html, r.written_at
from revisions r
join messages m on m.id = r.message_id
join threads t on t.id = m.thread_id
where r.message_id = :message_id
  and m.deleted_at is null
  and t.deleted_at is null
order by revision desc
