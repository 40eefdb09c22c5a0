-- The whole board's figures: sums over all weeks, and the last ones week by week. Shape: one; sums are null before the
-- first count.
-- psql -v weeks=53 -f sql/statistics/get_board.sql
with recent as (
    select *
    from statistics_weeks
    order by week desc
    limit :weeks
),
shares as (
    select cast(share.key as integer) as board_id, sum(cast(share.value as integer)) as messages
    from recent, jsonb_each_text(recent.boards) share
    group by share.key
)
select
    sum(joined) as joined,
    sum(threads) as threads,
    sum(messages) as messages,
    sum(pictures) as pictures,
    sum(ups + downs) as votes,
    max(counted_at) as counted_at,
    (
        select jsonb_agg(
            jsonb_build_object(
                'week', r.week, 'joined', r.joined, 'people', r.people, 'threads', r.threads, 'messages', r.messages,
                'pictures', r.pictures, 'ups', r.ups, 'downs', r.downs
            )
            order by r.week
        )
        from recent r
    ) as weeks,
    (
        select array_agg(found.messages order by found.hour)
        from (
            select of_day.hour, sum(of_day.messages) as messages
            from recent, unnest(recent.hours) with ordinality of_day (messages, hour)
            group by of_day.hour
        ) found
    ) as hours,
    (
        select jsonb_agg(jsonb_build_object('slug', b.slug, 'name', b.name, 'messages', s.messages) order by s.messages desc)
        from shares s
        join boards b on b.id = s.board_id
    ) as boards
from statistics_weeks
