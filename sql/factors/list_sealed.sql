-- The sealed secrets of apps, some at a time. Shape: many. Index: authenticators_pkey.
-- psql -v after=0 -v size=100 -f sql/factors/list_sealed.sql
select account_id, secret
from authenticators
where account_id > :after
order by account_id
limit :size
