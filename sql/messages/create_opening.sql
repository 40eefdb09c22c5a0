-- Write the opening message of a new thread. Shape: value, the id, or nothing if the form was sent before.
-- psql -v thread_id=1 -v author_id=1 -v text="'Hello'" -v html="'<p>Hello'" -v form_key="'00000000-0000-0000-0000-000000000000'" -f sql/messages/create_opening.sql
insert into messages (thread_id, author_id, text, html, form_key)
values (:thread_id, :author_id, :text, :html, cast(:form_key as uuid))
on conflict (author_id, form_key) do nothing
returning id
