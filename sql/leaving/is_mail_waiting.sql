-- Whether mail to an account is still on its way. Shape: value, true or false. Index: mails_by_account.
-- psql -v account_id=30000 -f sql/leaving/is_mail_waiting.sql
select exists (
    select from mails
    where account_id = :account_id
      and state = 'waiting'
)
