-- The account that signs what stays of those who left: no name leads to it, and no password. Shape: value, or nothing if
-- it is there. No trust is reckoned for it, which would read all its messages every day.
-- psql -f sql/leaving/make_nobody.sql
insert into accounts (id, name, name_key, password_hash, trust)
overriding system value
values (-1, 'deleted person', 'DELETED PERSON', '!', 'withheld')
on conflict do nothing
returning id
