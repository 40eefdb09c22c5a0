-- A mail that is to be sent. Shape: value, its id.
-- psql -v account_id=1 -v template="'addresses/verify.txt'" -v recipient="'a@example.org'" -v subject="'Hello'" -v text="'Hi.'" -v unsubscribe="''" -v minutes=1440 -f sql/mail/create.sql
insert into mails (account_id, template, recipient, subject, text, unsubscribe, useful_until)
values (
    cast(:account_id as bigint),
    :template,
    :recipient,
    :subject,
    :text,
    :unsubscribe,
    now() + make_interval(mins => :minutes)
)
returning id
