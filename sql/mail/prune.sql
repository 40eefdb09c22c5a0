-- Forget mails that ended so many days ago, and to whom they went. Shape: many, ids. Index: mails_by_end.
-- psql -v days=7 -f sql/mail/prune.sql
delete from mails
where ended_at < now() - make_interval(days => :days)
returning id
