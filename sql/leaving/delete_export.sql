-- Forget an export whose files are gone. Shape: value, the id. Index: exports_pkey.
-- psql -v id=1 -f sql/leaving/delete_export.sql
delete from exports
where id = :id
returning id
