-- Whether anything still bears an account that is to stay without it. Shape: value, true or false.
-- Index: a_form_counts_once, threads_by_author_and_deleted, votes_by_account, messages_by_deleter, threads_by_deleter.
-- psql -v account_id=30000 -f sql/leaving/has_rest.sql
select
    exists (select from messages where author_id = :account_id)
    or exists (select from threads where author_id = :account_id)
    or exists (select from votes where account_id = :account_id)
    or exists (select from messages where deleted_by = :account_id)
    or exists (select from threads where deleted_by = :account_id)
