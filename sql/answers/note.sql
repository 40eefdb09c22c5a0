-- Whoever a new message answers, and wants mail about that: note it. Who started the thread is answered by what answers
-- nobody else. Shape: one (account_id, and the seconds until mail may leave), or nothing.
-- Index: messages_pkey, accounts_pkey.
-- psql -v message_id=2 -f sql/answers/note.sql
with reader as (
    select a.id, a.answer_mail, a.answers_mailed_at
    from messages m
    join threads t on t.id = m.thread_id
    left join messages answered on answered.id = m.reply_to
    join accounts a on a.id = coalesce(answered.author_id, t.author_id)
    where m.id = :message_id
      and a.id <> m.author_id
      and a.answer_mail <> 'never'
      and exists (select from addresses d where d.account_id = a.id and d.verified)
),
noted as (
    insert into answers_to_mail (account_id, message_id)
    select reader.id, :message_id
    from reader
    on conflict do nothing
    returning account_id
)
select
    noted.account_id,
    cast(extract(epoch from greatest(
        now() + interval '10 minutes',
        case when reader.answer_mail = 'daily' then reader.answers_mailed_at + interval '1 day' end
    ) - now()) as double precision) as seconds
from noted
join reader on reader.id = noted.account_id
