-- A person by the form of their name or of one that they had, whether they wrote and voted less than `most` times, and the figures that were stored if they did not.
-- Shape: one. Index: a_name_looks_like_no_other or accounts_by_beginning.
-- psql -v name_key="'was7'" -v most=5000 -f sql/statistics/get_person.sql
select
    a.id,
    a.name,
    a.name_key,
    a.show_statistics,
    a.show_votes,
    a.show_given,
    a.show_statistics,
    written.count + cast_.count < :most as few,
    s.figures,
    s.counted_at,
    s.counted_at is null or s.counted_at < now() - interval '1 hour' as stale
from accounts a
left join statistics_people s on s.account_id = a.id
cross join lateral (
    select count(*)
    from (select from messages m where m.author_id = a.id and m.deleted_at is null limit :most) some_of_them
) written
cross join lateral (
    select count(*)
    from (select from votes v where v.account_id = a.id limit :most) some_of_them
) cast_
where a.id = coalesce(
    (select current.id from accounts current where current.name_key = :name_key),
    (select f.account_id from former_names f where f.name_key = :name_key order by f.given_up_at desc limit 1)
)
