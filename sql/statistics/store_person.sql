-- Keep the figures of a person who wrote very much. Shape: value, when, or nothing if there is no such account now.
-- psql -v account_id=1 -v figures="'{}'" -f sql/statistics/store_person.sql
insert into statistics_people (account_id, figures)
select id, cast(:figures as jsonb)
from accounts
where id = :account_id
on conflict (account_id) do update set figures = excluded.figures, counted_at = now()
returning counted_at
