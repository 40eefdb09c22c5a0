-- Why a mail could not be sent this time. Shape: value, the id, or nothing if it does not wait.
-- Index: mails_by_state or mails_pkey.
-- psql -v id=1 -v error="'The server is away.'" -f sql/mail/note.sql
update mails
set tried_at = now(), error = :error
where id = :id
  and state = 'waiting'
returning id
