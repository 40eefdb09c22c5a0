-- The row of a message in a thread: templates/messages/_messages.html. Of a deleted one only that it was there.
create view message_rows as
select
    m.id,
    m.thread_id,
    t.board_id,
    t.title as thread_title,
    t.opening_id = m.id as opening,
    t.locked_at is not null as locked,
    t.deleted_at is not null as thread_deleted,
    m.author_id,
    a.name as author_name,
    a.role as author_role,
    m.created_at,
    m.edited_at,
    m.revision,
    m.reply_to,
    case when m.deleted_at is null then m.html else '' end as html,
    m.ups,
    m.downs,
    m.score,
    m.wilson,
    m.deleted_at,
    m.deleted_by,
    m.purged_at,
    case when m.deleted_at is null then p.pictures end as pictures,
    r.replies
from messages m
join threads t on t.id = m.thread_id
join accounts a on a.id = m.author_id
left join lateral (
    select jsonb_agg(
        jsonb_build_object(
            'key', pictures.key, 'width', pictures.width, 'height', pictures.height, 'widths', pictures.widths,
            'fallback', pictures.fallback, 'animated', pictures.animated,
            'alt', message_pictures.alt, 'sensitive', message_pictures.sensitive
        )
        order by message_pictures.position
    ) as pictures
    from message_pictures
    join pictures on pictures.key = message_pictures.picture_key
    where message_pictures.message_id = m.id
) p on true
left join lateral (
    select array_agg(first_ones.id) as replies
    from (
        select answers.id
        from messages answers
        where answers.reply_to = m.id and answers.deleted_at is null
        order by answers.id
        limit 20
    ) first_ones
) r on true;
