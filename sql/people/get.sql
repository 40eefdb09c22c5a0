-- A person as others see them, by the form of their name or of one that they had, and the boards to filter by.
-- Shape: one. Index: a_name_looks_like_no_other or accounts_by_beginning, former_names_by_key, former_names_by_account.
-- psql -v name_key="'was7'" -f sql/people/get.sql
select
    a.id,
    a.name,
    a.name_key,
    a.role,
    a.created_at,
    a.about_html as html,
    a.avatar_key,
    p.widths as avatar_widths,
    p.fallback as avatar_fallback,
    a.show_history,
    a.show_pictures,
    a.show_votes,
    a.show_given,
    a.show_statistics,
    a.show_joined,
    i.name as inviter,
    array(
        select jsonb_build_object('name', f.name, 'until', to_char(f.given_up_at at time zone 'utc', 'FMMonth YYYY'))
        from former_names f
        where f.account_id = a.id
        order by f.id desc
        limit 10
    ) as former_names,
    array(select jsonb_build_object('slug', b.slug, 'name', b.name) from boards b order by b.id) as boards
from accounts a
left join pictures p on p.key = a.avatar_key
left join accounts i on i.id = a.invited_by
where a.id = coalesce(
    (select current.id from accounts current where current.name_key = :name_key),
    (select f.account_id from former_names f where f.name_key = :name_key order by f.given_up_at desc limit 1)
)
