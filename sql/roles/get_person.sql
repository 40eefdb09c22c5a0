-- A person for moderators and admins, with how much they wrote and what was removed of it. Shape: one, people_rows and
-- more. Index: accounts_pkey.
-- psql -v account_id=1 -v sees_address=true -f sql/roles/get_person.sql
select
    p.*,
    (select a.awaits_approval from accounts a where a.id = p.id) as awaits_approval,
    (
        select count(*)
        from (select from messages m where m.author_id = p.id and m.deleted_at is null limit 1000) m
    ) as messages,
    (
        select count(*)
        from (select from messages m where m.author_id = p.id and m.deleted_by <> m.author_id limit 1000) m
    ) as removed,
    (select max(s.touched_at) from sessions s where s.account_id = p.id and s.expires_at > now()) as seen_at,
    case when :sees_address then (select d.address from addresses d where d.account_id = p.id and d.verified) end as address
from people_rows p
where p.id = :account_id
