-- The database in which a drill restores, and the statements that make it and remove it. Shape: one.
-- psql -f sql/backups/name_scratch.sql
select name, format('create database %I template template0', name) as make,
    format('drop database if exists %I with (force)', name) as remove
from (select left(current_database(), 50) || '_drill' as name) as scratch
