-- Decide an application, once, and let in who is accepted; with their address, if it is verified. Shape: one, nothing if
-- it was decided before or is not there.
-- Index: applications_waiting, accounts_pkey.
-- psql -v account_id=10 -v accepted=true -v judge_id=1 -v sentence="''" -v may=true -f sql/joining/decide.sql
with decided as (
    update applications
    set decided_at = now(), accepted = :accepted, decided_by = :judge_id, sentence = :sentence
    where account_id = :account_id
      and decided_at is null
      and cast(:may as boolean)
    returning account_id, accepted
),
let_in as (
    update accounts a
    set awaits_approval = false,
        role = case when a.role = 'waiting' and not a.awaits_address then 'new' else a.role end
    from decided d
    where a.id = d.account_id
      and d.accepted
    returning a.id
)
select a.id, a.name, e.address
from decided d
join accounts a on a.id = d.account_id
left join addresses e on e.account_id = a.id and e.verified
