-- Remove accounts that had to verify their address and did not within so many days: they wrote nothing. Shape: many.
-- Index: accounts_waiting_for_address.
-- psql -v days=14 -f sql/joining/forget_unverified.sql
delete from accounts
where awaits_address
  and role = 'waiting'
  and created_at < now() - make_interval(days => :days)
returning id
