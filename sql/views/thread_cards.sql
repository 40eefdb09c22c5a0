-- The row of a thread in a list: templates/threads/_threads.html.
create view thread_cards as
select
    t.id,
    t.title,
    t.created_at,
    t.last_activity_at,
    t.opening_id,
    t.message_count,
    t.score,
    t.all_score,
    t.ups,
    t.downs,
    t.hot,
    t.controversy,
    t.locked_at,
    t.author_id,
    a.name as author_name,
    b.slug as board_slug,
    b.name as board_name,
    p.key as picture_key,
    p.width as picture_width,
    p.height as picture_height,
    p.widths as picture_widths,
    p.fallback as picture_fallback,
    p.sensitive as picture_sensitive
from threads t
join accounts a on a.id = t.author_id
join boards b on b.id = t.board_id
left join lateral (
    select pictures.*, message_pictures.sensitive
    from message_pictures
    join pictures on pictures.key = message_pictures.picture_key
    where message_pictures.message_id = t.opening_id
    order by message_pictures.position
    limit 1
) p on true;
