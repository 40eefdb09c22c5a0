-- Store what a person tells about themselves, and to whom they show what. Shape: value, the id. Index: accounts_pkey.
-- psql -v account_id=1 -v about="'Hello'" -v about_html="'<p>Hello'" -v history="'everyone'" -v pictures="'everyone'" -v votes="'members'" -v given="'nobody'" -v statistics="'nobody'" -v joined="'everyone'" -f sql/people/set_profile.sql
update accounts
set about = :about,
    about_html = :about_html,
    show_history = :history,
    show_pictures = :pictures,
    show_votes = :votes,
    show_given = :given,
    show_statistics = :statistics,
    show_joined = :joined
where id = :account_id
returning id
