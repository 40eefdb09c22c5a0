-- How much there is in a database that should be empty: tables, views and sequences, without those of extensions.
-- Shape: value, a number.
-- psql -f sql/backups/count_objects.sql
select count(*)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  and n.nspname not like 'pg\_temp%'
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
