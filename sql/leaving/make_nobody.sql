-- The account that signs what stays of those who left: no name leads to it, and no password. Shape: value, or nothing if
-- it is there.
-- psql -f sql/leaving/make_nobody.sql
insert into accounts (id, name, name_key, password_hash, created_at)
overriding system value
values (-1, 'deleted person', 'DELETED PERSON', '!', 'epoch')
on conflict do nothing
returning id
