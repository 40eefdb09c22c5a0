-- Forget who is at rest again. Shape: many. Index: quotas_by_end.
-- psql -f sql/quotas/delete_rested.sql
delete from quotas
where due <= now()
returning key
