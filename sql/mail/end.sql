-- A mail that is sent, or failed for good, or is shown for want of a server. What is sent keeps no text, since that holds
-- links which open an account. Shape: value, the id, or nothing if it had ended already.
-- Index: mails_by_state or mails_pkey.
-- psql -v id=1 -v state="'sent'" -v error="''" -f sql/mail/end.sql
update mails
set state = :state,
    ended_at = now(),
    tried_at = now(),
    error = nullif(cast(:error as text), ''),
    text = case when cast(:state as text) = 'sent' then '' else text end
where id = :id
  and state = 'waiting'
returning id
