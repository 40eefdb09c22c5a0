-- Count a week, or count it anew. Shape: value, how many messages it had. Index: messages_by_time.
-- psql -v week="'2026-11-16'" -f sql/statistics/count_week.sql
with span as (
    select
        cast(:week as date) at time zone 'UTC' as since,
        (cast(:week as date) + 7) at time zone 'UTC' as until
),
written as materialized (
    select
        m.id,
        m.author_id,
        m.ups,
        m.downs,
        t.board_id,
        t.opening_id = m.id as opening,
        cast(extract(hour from m.created_at at time zone 'UTC') as integer) as hour
    from messages m
    join threads t on t.id = m.thread_id
    where m.created_at >= (select since from span)
      and m.created_at < (select until from span)
      and m.deleted_at is null
      and t.deleted_at is null
),
by_hour as (
    select array_agg(coalesce(messages, 0) order by hour) as hours
    from generate_series(0, 23) hour
    left join (select hour, count(*) as messages from written group by hour) found using (hour)
),
by_board as (
    select coalesce(jsonb_object_agg(board_id, messages), '{}') as boards
    from (select board_id, count(*) as messages from written group by board_id) found
)
insert into statistics_weeks (week, joined, people, threads, messages, pictures, ups, downs, hours, boards)
select
    :week,
    (
        select count(*)
        from accounts a
        where a.id > 0
          and a.created_at >= (select since from span)
          and a.created_at < (select until from span)
    ),
    count(distinct author_id),
    count(*) filter (where opening),
    count(*),
    (select count(*) from message_pictures p join written on p.message_id = written.id),
    coalesce(sum(ups), 0),
    coalesce(sum(downs), 0),
    (select hours from by_hour),
    (select boards from by_board)
from written
on conflict (week) do update set
    joined = excluded.joined,
    people = excluded.people,
    threads = excluded.threads,
    messages = excluded.messages,
    pictures = excluded.pictures,
    ups = excluded.ups,
    downs = excluded.downs,
    hours = excluded.hours,
    boards = excluded.boards,
    counted_at = now()
returning messages
