-- What somebody wrote and voted, as figures: totals, the last 53 weeks, hours of the day in UTC, boards, the best
-- messages, and days in a row. Shape: value, jsonb. Index: messages_by_author_and_score, votes_by_account.
-- psql -v account_id=7 -f sql/statistics/count_person.sql
with written as materialized (
    select
        m.id,
        m.created_at at time zone 'UTC' as at,
        m.ups,
        m.downs,
        m.score,
        t.board_id,
        t.title,
        t.opening_id = m.id as opening
    from messages m
    join threads t on t.id = m.thread_id
    where m.author_id = :account_id
      and m.deleted_at is null
      and t.deleted_at is null
),
given as materialized (
    select v.value, v.cast_at at time zone 'UTC' as at
    from votes v
    where v.account_id = :account_id
      and v.value <> 0
),
written_by_week as (
    select date_trunc('week', at) as week, count(*) as messages, sum(ups) as ups, sum(downs) as downs
    from written
    group by 1
),
given_by_week as (
    select date_trunc('week', at) as week, count(*) as given
    from given
    group by 1
),
weeks as (
    select jsonb_agg(
        jsonb_build_object(
            'week', cast(week as date),
            'messages', coalesce(messages, 0), 'ups', coalesce(ups, 0), 'downs', coalesce(downs, 0),
            'given', coalesce(given, 0)
        )
        order by week
    ) as weeks
    from generate_series(
        date_trunc('week', now() at time zone 'UTC') - interval '52 weeks',
        date_trunc('week', now() at time zone 'UTC'),
        interval '7 days'
    ) week
    left join written_by_week using (week)
    left join given_by_week using (week)
),
hours as (
    select jsonb_agg(coalesce(messages, 0) order by hour) as hours
    from generate_series(0, 23) hour
    left join (
        select cast(extract(hour from at) as integer) as hour, count(*) as messages from written group by 1
    ) found using (hour)
),
boards as (
    select jsonb_agg(
        jsonb_build_object('slug', b.slug, 'name', b.name, 'messages', found.messages) order by found.messages desc, b.id
    ) as boards
    from (select board_id, count(*) as messages from written group by board_id) found
    join boards b on b.id = found.board_id
),
best as (
    select jsonb_agg(
        jsonb_build_object('id', id, 'title', title, 'opening', opening, 'score', score) order by score desc, id
    ) as best
    from (select id, title, opening, score from written where score > 0 order by score desc, id limit 5) found
),
-- Days in a row share the day minus their number: each run is a group.
runs as (
    select max(day) as last, count(*) as days
    from (
        select day, day - cast(row_number() over (order by day) as integer) as run
        from (select distinct cast(at as date) as day from written) days
    ) numbered
    group by run
)
select jsonb_build_object(
    'messages', (select count(*) from written),
    'threads', (select count(*) from written where opening),
    'pictures', (select count(*) from message_pictures p join written on p.message_id = written.id),
    'ups', (select coalesce(sum(ups), 0) from written),
    'downs', (select coalesce(sum(downs), 0) from written),
    'given_ups', (select count(*) from given where value = 1),
    'given_downs', (select count(*) from given where value = -1),
    'longest', (select coalesce(max(days), 0) from runs),
    'current', (
        select coalesce(max(days), 0) from runs where last >= cast(now() at time zone 'UTC' as date) - 1
    ),
    'weeks', (select weeks from weeks),
    'hours', (select hours from hours),
    'boards', coalesce((select boards from boards), '[]'),
    'best', coalesce((select best from best), '[]')
)
