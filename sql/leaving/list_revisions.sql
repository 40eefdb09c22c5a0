-- What some messages said before they were edited, for an export. Shape: many, at most size. Index: revisions_pkey.
-- psql -v message_ids="'{2}'" -v after_message_id=0 -v after_revision=0 -v size=1 -f sql/leaving/list_revisions.sql
select message_id, revision, html, written_at
from revisions
where message_id = any(cast(:message_ids as bigint[]))
  and (message_id, revision) > (cast(:after_message_id as bigint), cast(:after_revision as integer))
order by message_id, revision
limit :size
