-- A mail that waits to be sent. Shape: one, or nothing if it was sent, or its account is gone.
-- Index: mails_by_state or mails_pkey.
-- psql -v id=1 -f sql/mail/get_waiting.sql
select id, template, recipient, subject, text, unsubscribe, message_id, created_at, useful_until < now() as late
from mails
where id = :id
  and state = 'waiting'
