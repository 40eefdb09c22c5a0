-- The weeks to count, oldest first: from the first that was counted while it could still change, or from the beginning
-- of the board. Shape: many, their Mondays.
-- psql -f sql/statistics/list_due_weeks.sql
select cast(week as date) as week
from generate_series(
    coalesce(
        (select min(w.week) from statistics_weeks w where w.counted_at at time zone 'UTC' < w.week + 14),
        (select max(w.week) from statistics_weeks w),
        (
            select date_trunc('week', least(min(m.created_at), (select min(a.created_at) from accounts a)) at time zone 'UTC')
            from messages m
        ),
        date_trunc('week', now() at time zone 'UTC')
    ),
    date_trunc('week', now() at time zone 'UTC'),
    interval '7 days'
) week
order by week
