-- The answers that a person is to have mail about, which are forgotten by that; of those, what is still there, if mail is
-- still wanted. Shape: many.
-- psql -v account_id=1 -f sql/answers/take.sql
with taken as (
    delete from answers_to_mail
    where account_id = :account_id
    returning account_id, message_id
)
select
    m.id,
    m.text,
    t.title,
    author.name as author_name,
    a.name,
    d.address
from taken
join accounts a on a.id = taken.account_id and a.answer_mail <> 'never'
join addresses d on d.account_id = a.id and d.verified
join messages m on m.id = taken.message_id and m.deleted_at is null
join threads t on t.id = m.thread_id and t.deleted_at is null
join accounts author on author.id = m.author_id
order by m.id
