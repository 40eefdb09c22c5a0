-- What somebody wrote, oldest first, for an export: each message with the thread it stands in, whom it answers, and its
-- pictures. Shape: many, at most size. Index: messages_by_author.
-- psql -v account_id=7 -v after_created_at="'-infinity'" -v after_id=0 -v size=1 -f sql/leaving/list_messages.sql
select
    m.id,
    m.thread_id,
    t.title as thread_title,
    t.opening_id = m.id as opening,
    b.name as board,
    m.reply_to as answers,
    a.name as answers_author,
    m.text,
    m.html,
    m.created_at,
    m.edited_at,
    m.revision,
    m.ups,
    m.downs,
    array(
        select jsonb_build_object(
            'key', p.key, 'width', p.width, 'height', p.height, 'widths', p.widths, 'animated', p.animated,
            'alt', mp.alt, 'sensitive', mp.sensitive
        )
        from message_pictures mp
        join pictures p on p.key = mp.picture_key
        where mp.message_id = m.id
        order by mp.position
    ) as pictures
from (
    select m.id
    from messages m
    join threads t on t.id = m.thread_id
    where m.author_id = :account_id
      and m.deleted_at is null
      and t.deleted_at is null
      and (m.created_at, m.id) > (cast(:after_created_at as timestamptz), cast(:after_id as bigint))
    order by m.created_at, m.id
    limit :size
) page
join messages m on m.id = page.id
join threads t on t.id = m.thread_id
join boards b on b.id = t.board_id
left join messages answered on answered.id = m.reply_to and answered.deleted_at is null
left join accounts a on a.id = answered.author_id
order by m.created_at, m.id
