-- Whether an account may go: not the last admin who stays. The admins must be held: leaving/hold_admins.sql.
-- Shape: value, true or false, or nothing if there is no such account. Index: accounts_pkey.
-- psql -v account_id=1 -f sql/leaving/may_go.sql
select
    a.role <> 'admin'
    or exists (
        select from accounts other
        where other.role = 'admin'
          and other.id <> a.id
          and not exists (select from departures d where d.account_id = other.id)
    )
from accounts a
where a.id = :account_id
