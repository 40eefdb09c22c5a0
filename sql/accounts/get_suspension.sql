-- Until when an account is shut out, and why. Shape: one, or nothing if it is not. Index: accounts_pkey or accounts_suspended.
-- psql -v account_id=1 -f sql/accounts/get_suspension.sql
select nullif(suspended_until, 'infinity') as until, suspended_reason as reason
from accounts
where id = :account_id
  and suspended_until > now()
