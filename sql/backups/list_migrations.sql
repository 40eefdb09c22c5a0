-- The migrations that this database has. Shape: many, the whole small table.
-- psql -f sql/backups/list_migrations.sql
select name, checksum
from migrations
where name <> 'views'
order by name
