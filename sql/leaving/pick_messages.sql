-- Some messages that an account wrote, deleted ones too. Shape: value, their ids. Index: a_form_counts_once.
-- psql -v account_id=1 -v batch=20 -f sql/leaving/pick_messages.sql
select array(
    select id
    from messages
    where author_id = :account_id
    limit :batch
)
