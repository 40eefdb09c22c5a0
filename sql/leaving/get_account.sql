-- An account by itself, for an export. Shape: many, one row. Index: accounts_pkey.
-- psql -v account_id=1 -f sql/leaving/get_account.sql
select id, name, role, created_at, invited_by is not null as invited, suspended_until, suspended_reason, settings, answer_mail
from accounts
where id = :account_id
