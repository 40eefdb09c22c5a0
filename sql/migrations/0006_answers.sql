-- The first answers to a message are read from the index alone, in order, however many there are.
drop index messages_by_answered;
create index messages_by_answered on messages (reply_to, id) where reply_to is not null and deleted_at is null;
