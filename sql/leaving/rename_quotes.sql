-- In answers that quote these messages, name nobody instead of their author, as messages/quote wrote the name; in what
-- the answers said before they were edited too. Shape: value, how many answers. Index: messages_by_answered.
-- psql -v ids="'{2}'" -v marked="'> **Alice:**'" -v strong="'<strong>Alice:</strong>'" -f sql/leaving/rename_quotes.sql
with answers as (
    select id
    from messages
    where reply_to = any(cast(:ids as bigint[]))
      and deleted_at is null
      and (edited_at is not null or strpos(text, :marked) > 0)
    order by id
    for no key update
),
earlier as (
    update revisions
    set html = replace(html, :strong, '<strong>deleted person:</strong>')
    where message_id = any(array(select id from answers))
      and strpos(html, :strong) > 0
    returning message_id
),
renamed as (
    update messages
    set text = replace(text, :marked, '> **deleted person:**'),
        html = replace(html, :strong, '<strong>deleted person:</strong>')
    where id = any(array(select id from answers))
      and strpos(text, :marked) > 0
    returning id
)
select count(*)
from renamed
