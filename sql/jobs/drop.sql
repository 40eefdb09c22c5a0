-- Give a job up; the process that works on it notices when it next renews its lease. Periodic work stays.
-- Shape: value, the id, or nothing if there is none such. Index: jobs_pkey.
-- psql -v id=1 -v may=true -f sql/jobs/drop.sql
delete from jobs
where id = :id
  and every is null
  and cast(:may as boolean)
returning id
