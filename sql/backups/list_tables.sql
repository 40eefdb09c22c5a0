-- Each table, and the statement that tells how many rows it has and a sum over what they hold, whatever their order; but
-- for unlogged ones, whose rows are in no backup. Columns that are computed from others are left out: another machine's
-- logarithm may differ in its last digit. The settings make times, numbers and bytes the same text everywhere, until the
-- transaction ends. Shape: many.
-- psql -f sql/backups/list_tables.sql
with plain_text as materialized (
    select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
        set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true),
        set_config('bytea_output', 'hex', true)
)
select c.relname as name,
    format(
        'select cast(count(*) as text) as rows, '
            'cast(coalesce(sum(cast(cast(''x'' || left(md5(cast(row(%s) as text)), 15) as bit(60)) as bigint)), 0) '
            'as text) as sum from only %I.%I',
        string_agg(quote_ident(a.attname), ', ' order by a.attname),
        n.nspname,
        c.relname
    ) as statement
from plain_text, pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid
where c.relkind = 'r'
  and c.relpersistence = 'p'
  and n.nspname = 'public'
  and a.attnum > 0
  and not a.attisdropped
  and a.attgenerated = ''
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
group by n.nspname, c.relname
order by c.relname
