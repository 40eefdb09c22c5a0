-- Forget a mail; if it waits, it is not sent. Shape: value, the id, or nothing if there is none such. Index: mails_pkey.
-- psql -v id=1 -v may=true -f sql/mail/drop.sql
delete from mails
where id = :id
  and cast(:may as boolean)
returning id
