-- Whether there is a database of that name, and the statement that makes it. Shape: one.
-- psql -v name="'board_restored'" -f sql/backups/name_database.sql
select exists (select from pg_database where datname = :name) as is_there,
    format('create database %I template template0', cast(:name as text)) as make
