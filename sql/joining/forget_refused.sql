-- Remove the accounts of those who were refused so many days ago: they wrote nothing. Shape: many.
-- Index: applications_decided or applications_pkey.
-- psql -v days=30 -f sql/joining/forget_refused.sql
delete from accounts a
using applications p
where p.account_id = a.id
  and p.decided_at < now() - make_interval(days => :days)
  and not p.accepted
  and a.role = 'waiting'
returning a.id
