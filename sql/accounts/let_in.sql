-- One thing fewer that an account waits for; with the last of them it begins as everybody does. Shape: value, its role now.
-- Index: accounts_pkey.
-- psql -v account_id=1 -v approved=true -v verified=false -f sql/accounts/let_in.sql
update accounts
set awaits_approval = awaits_approval and not :approved,
    awaits_address = awaits_address and not :verified,
    role = case
        when role = 'waiting' and not (awaits_approval and not :approved) and not (awaits_address and not :verified) then 'new'
        else role
    end
where id = :account_id
returning role
