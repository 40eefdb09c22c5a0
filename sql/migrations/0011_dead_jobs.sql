-- Whether a dead job is about the same thing: before another one is left.
create index dead_jobs_by_key on jobs (kind, key) where dead_at is not null;
