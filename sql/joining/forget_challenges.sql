-- Forget solved challenges whose time is over anyway. Shape: many. Index: solved_challenges_by_end.
-- psql -f sql/joining/forget_challenges.sql
delete from solved_challenges
where expires_at < now()
returning key
