-- Whether an account's password is still the one that was checked, and hold it so until the transaction ends: a new
-- password waits, and then ends the session that this one begins. Shape: value, the account's id. Index: accounts_pkey.
-- psql -v account_id=1 -v password_hash="'!'" -f sql/accounts/hold_password.sql
select id
from accounts
where id = :account_id
  and password_hash = :password_hash
for share
