-- A browser that is to be told of an answer, with what is told, if all of it is still there. Shape: one.
-- Index: push_subscriptions_pkey, messages_pkey.
-- psql -v id=7 -v message_id=7 -f sql/push/get.sql
select
    p.endpoint,
    p.p256dh,
    p.auth,
    m.id as message_id,
    t.title,
    author.name as author_name
from push_subscriptions p
join messages m on m.id = :message_id and m.deleted_at is null
join threads t on t.id = m.thread_id and t.deleted_at is null
join accounts author on author.id = m.author_id
where p.id = :id
