-- Have a mail tried again, which waits, failed, or was shown for want of a server; not one that is late for its reader.
-- Shape: value, the id, or nothing if there is none such. Index: mails_pkey.
-- psql -v id=1 -v may=true -f sql/mail/retry.sql
update mails
set state = 'waiting', ended_at = null
where id = :id
  and state <> 'sent'
  and useful_until > now()
  and cast(:may as boolean)
returning id
