-- What is kept of who somebody is, for their own page. Shape: many, (what, amount, told, at); see board/people/account.py.
-- Index: accounts_pkey, former_names_by_account.
-- psql -v account_id=1 -f sql/people/list_kept.sql
select facts.*
from accounts a
left join accounts inviter on inviter.id = a.invited_by
cross join lateral (
    values
        ('Name', cast(null as bigint), a.name, cast(null as timestamptz)),
        ('Joined', null, null, a.created_at),
        ('Invited by', null, inviter.name, null),
        ('former name', (select nullif(count(*), 0) from former_names f where f.account_id = a.id), null, null),
        ('Text about you', null, case when a.about <> '' then char_length(a.about) || ' characters' end, null),
        ('Picture', null, case when a.avatar_key is not null then 'in three sizes' end, null),
        ('moderated board', (select nullif(count(*), 0) from board_moderators b where b.account_id = a.id), null, null),
        ('Statistics, counted', null, null, (select s.counted_at from statistics_people s where s.account_id = a.id)),
        ('Settings', null, a.settings, null),
        ('Password', null, 'not itself, but a value from which nobody can work it out', null)
) as facts (what, amount, told, at)
where a.id = :account_id
  and num_nonnulls(facts.amount, facts.told, facts.at) > 0
