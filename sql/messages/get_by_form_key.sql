-- The message that a form made when it was sent before, with its words. Shape: one. Index: a_form_counts_once.
-- psql -v author_id=1 -v form_key="'00000000-0000-0000-0000-000000000000'" -f sql/messages/get_by_form_key.sql
select m.id, m.thread_id, m.text, t.title
from messages m
join threads t on t.id = m.thread_id
where m.author_id = :author_id
  and m.form_key = cast(:form_key as uuid)
