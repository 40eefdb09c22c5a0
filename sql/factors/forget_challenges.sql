-- Forget answered challenges whose own time is over. Shape: many. Index: spent_challenges_by_end.
-- psql -f sql/factors/forget_challenges.sql
delete from spent_challenges
where expires_at < now()
returning challenge_hash
