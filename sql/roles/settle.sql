-- Make members of people who are new no more, and give and take trust that is earned; at most a batch of those who were
-- not looked at for a day. Votes of people who are new do not count. Shape: many, all that were looked at, with their
-- role before and now.
-- Index: accounts_to_settle; then whichever suits of those by author (messages and threads removed have their own).
-- psql -v new_days=3 -v days=30 -v points=0 -v voters=0 -v clean_days=30 -v batch=100 -f sql/roles/settle.sql
with due as (
    select id, role, trust, created_at
    from accounts
    where role in ('new', 'member', 'trusted')
      and role_settled_at < now() - interval '1 day'
    order by role_settled_at
    limit :batch
    for no key update skip locked
),
found as (
    select
        id,
        case
            when trust = 'given' then 'trusted'
            when role = 'new' and created_at > now() - make_interval(days => :new_days) then 'new'
            when trust = 'withheld' then 'member'
            when created_at > now() - make_interval(days => :days) then 'member'
            when (
                select coalesce(sum(m.score), 0)
                from messages m
                where m.author_id = due.id
                  and m.deleted_at is null
            ) < :points then 'member'
            when (
                select count(*)
                from (
                    select distinct v.account_id
                    from messages m
                    join votes v on v.message_id = m.id
                    join accounts voter on voter.id = v.account_id
                    where m.author_id = due.id
                      and m.deleted_at is null
                      and v.value = 1
                      and voter.role not in ('waiting', 'new')
                ) voters
            ) < :voters then 'member'
            when exists (
                select from messages m
                where m.author_id = due.id
                  and m.deleted_by <> m.author_id
                  and m.deleted_at > now() - make_interval(days => :clean_days)
            ) then 'member'
            when exists (
                select from threads t
                where t.author_id = due.id
                  and t.deleted_by <> t.author_id
                  and t.deleted_at > now() - make_interval(days => :clean_days)
            ) then 'member'
            else 'trusted'
        end as role
    from due
)
update accounts a
set role = found.role, role_settled_at = now()
from found
where a.id = found.id
returning a.id, old.role as old_role, new.role as new_role
