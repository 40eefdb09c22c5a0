-- Whoever a new message answers, if they want to know at once or by mail; for mail it is noted. Who started the thread is answered by what answers
-- nobody else. Shape: one (account_id, whether a browser is told, and the seconds until mail may leave,
-- null if there is to be none), or nothing.
-- Index: messages_pkey, accounts_pkey.
-- psql -v message_id=2 -f sql/answers/note.sql
with reader as (
    select
        a.id,
        a.answer_mail,
        a.answers_mailed_at,
        a.answer_mail <> 'never'
            and exists (select from addresses d where d.account_id = a.id and d.verified) as by_mail,
        exists (select from push_subscriptions p where p.account_id = a.id) as by_push
    from messages m
    join threads t on t.id = m.thread_id
    left join messages answered on answered.id = m.reply_to
    join accounts a on a.id = coalesce(answered.author_id, t.author_id)
    where m.id = :message_id
      and a.id <> m.author_id
),
noted as (
    insert into answers_to_mail (account_id, message_id)
    select reader.id, :message_id
    from reader
    where by_mail
    on conflict do nothing
    returning account_id
)
select
    id as account_id,
    by_push,
    case when by_mail then cast(extract(epoch from greatest(
        now() + interval '10 minutes',
        case when answer_mail = 'daily' then answers_mailed_at + interval '1 day' end
    ) - now()) as double precision) end as seconds
from reader
where by_mail or by_push
