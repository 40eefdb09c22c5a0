-- How mail does: for the health of the site. What was sent is not counted. Shape: one. Index: mails_by_state.
-- psql -f sql/mail/count.sql
select
    count(*) filter (where state = 'waiting') as waiting,
    count(*) filter (where state = 'failed') as failed,
    count(*) filter (where state = 'shown') as shown,
    cast(coalesce(max(extract(epoch from now() - created_at)) filter (where state = 'waiting'), 0) as double precision)
        as oldest_seconds
from mails
where state in ('waiting', 'failed', 'shown')
