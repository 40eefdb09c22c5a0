-- The job of a mail that is tried at another time: one that is tried now takes its place. Shape: value, the job's id.
-- Index: one_job_waits_per_key.
-- psql -v key="'1'" -f sql/mail/forget_job.sql
delete from jobs
where kind = 'send_mail'
  and key = :key
  and lease is null
  and dead_at is null
returning id
