-- How often somebody voted, for their own page. Shape: many, (what, amount, told, at); see board/people/account.py.
-- Index: votes_by_account.
-- psql -v account_id=2 -f sql/votes/list_kept.sql
select 'vote' as what, count(*) as amount, cast(null as text) as told, cast(null as timestamptz) as at
from votes
where account_id = :account_id
