-- Give an account a role and a new password, and end its sessions. Shape: one, or nothing if there is no such account.
-- psql -v account_id=1 -v role="'admin'" -v password_hash="'x'" -f sql/accounts/set_role.sql
with ended as (
    delete from sessions
    where account_id = :account_id
)
update accounts
set role = :role, password_hash = :password_hash
where id = :account_id
returning id, name, role
