-- What a person has told about themselves, and to whom they show what, for the page on which they change it.
-- Shape: one. Index: accounts_pkey.
-- psql -v account_id=1 -v days=30 -f sql/people/get_profile.sql
select
    a.id,
    a.name,
    a.about,
    a.avatar_key,
    p.widths as avatar_widths,
    p.fallback as avatar_fallback,
    a.show_history,
    a.show_pictures,
    a.show_votes,
    a.show_given,
    a.show_statistics,
    a.show_joined,
    case when a.renamed_at > now() - make_interval(days => :days) then a.renamed_at + make_interval(days => :days) end
        as may_rename_at
from accounts a
left join pictures p on p.key = a.avatar_key
where a.id = :account_id
