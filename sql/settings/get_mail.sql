-- What mail a person chose, and whether there is an address for it. Shape: one. Index: accounts_pkey.
-- psql -v account_id=1 -f sql/settings/get_mail.sql
select
    a.answer_mail,
    exists (select from addresses d where d.account_id = a.id and d.verified) as has_address
from accounts a
where a.id = :account_id
