-- What the database is made of, a line each: columns, constraints, indexes, views, functions. Shape: many.
-- psql -f sql/backups/list_schema.sql
select format('column %s.%s %s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end) as line
from pg_class c
join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = to_regnamespace('public')
  and c.relkind in ('r', 'p', 'v', 'm')
  and a.attnum > 0
  and not a.attisdropped
union all
select format('constraint %s.%s %s', cast(conrelid as regclass), conname, pg_get_constraintdef(oid))
from pg_constraint
where connamespace = to_regnamespace('public')
union all
select pg_get_indexdef(i.indexrelid)
from pg_index i
join pg_class c on c.oid = i.indexrelid
where c.relnamespace = to_regnamespace('public')
union all
select format('view %s %s', relname, md5(pg_get_viewdef(oid)))
from pg_class
where relnamespace = to_regnamespace('public')
  and relkind in ('v', 'm')
union all
select format('function %s %s', proname, md5(pg_get_functiondef(oid)))
from pg_proc
where pronamespace = to_regnamespace('public')
  and prokind = 'f'
  and not exists (select from pg_depend d where d.objid = pg_proc.oid and d.deptype = 'e')
order by line
