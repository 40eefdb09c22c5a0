-- Take a job for this transaction, unless another process has it. Shape: value, true or false.
-- psql -v name="'sweep_pictures'" -f sql/jobs/try_lock.sql
select pg_try_advisory_xact_lock(hashtextextended(:name, 720261121))
