-- A message as it stands in its thread, with the viewer's own vote. Shape: one, message_rows. Index: messages_pkey.
-- psql -v message_id=1 -v viewer_id=0 -f sql/messages/get.sql
select
    m.*,
    coalesce((select v.value from votes v where v.message_id = m.id and v.account_id = :viewer_id), 0) as my_vote
from message_rows m
where m.id = :message_id
