-- Let a new account wait, for the word of a moderator or for its address to be verified. Shape: value, its role.
-- Index: accounts_pkey.
-- psql -v account_id=1 -v approval=true -v address=false -f sql/joining/hold.sql
update accounts
set role = 'waiting', awaits_approval = :approval, awaits_address = :address
where id = :account_id
returning role
