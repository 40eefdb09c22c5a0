-- The exports of an account, with the places of their pieces. Shape: many. Index: exports_by_account.
-- psql -v account_id=30000 -f sql/leaving/list_places.sql
select id, place, bytes
from exports
where account_id = :account_id
