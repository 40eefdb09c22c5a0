-- An account by itself, for an export. Shape: many, one row. Index: accounts_pkey.
-- psql -v account_id=1 -f sql/leaving/get_account.sql
select
    a.id,
    a.name,
    a.role,
    a.created_at,
    a.about,
    case when p.key is not null then jsonb_build_object('key', p.key, 'widths', p.widths, 'animated', p.animated) end
        as avatar,
    jsonb_build_object(
        'history', a.show_history, 'pictures', a.show_pictures, 'votes', a.show_votes, 'votes given', a.show_given,
        'statistics', a.show_statistics, 'joined', a.show_joined
    ) as shows,
    a.invited_by is not null as invited,
    a.suspended_until,
    a.suspended_reason,
    a.settings,
    a.answer_mail
from accounts a
left join pictures p on p.key = a.avatar_key
where a.id = :account_id
