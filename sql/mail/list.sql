-- Mails for who minds them: the newest that failed, wait, are shown or were sent, and when one that waits is next tried.
-- The text only of what is shown for want of a server, and only while there is none. Shape: many, by state.
-- Index: mails_by_state.
-- psql -v size=50 -v shows_text=true -v may=true -f sql/mail/list.sql
select
    mail.id,
    mail.state,
    mail.template,
    mail.recipient,
    mail.subject,
    mail.created_at,
    mail.tried_at,
    mail.ended_at,
    mail.error,
    mail.useful_until < now() as late,
    job.run_at as next_try_at,
    case when mail.state = 'shown' and cast(:shows_text as boolean) then mail.text end as text
from unnest(array['failed', 'waiting', 'shown', 'sent']) with ordinality as wanted (state, place)
cross join lateral (
    select *
    from mails
    where mails.state = wanted.state
      and cast(:may as boolean)
    order by id desc
    limit :size
) mail
left join jobs job on mail.state = 'waiting'
    and job.kind = 'send_mail'
    and job.key = cast(mail.id as text)
    and job.lease is null
    and job.dead_at is null
order by wanted.place, mail.id desc
