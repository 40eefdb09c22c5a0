-- Use a challenge up. Shape: value, its end, or nothing if it was answered before.
-- psql -v challenge_hash="'\x00'" -v seconds=60 -f sql/factors/spend_challenge.sql
insert into spent_challenges (challenge_hash, expires_at)
values (:challenge_hash, now() + make_interval(secs => :seconds))
on conflict (challenge_hash) do nothing
returning expires_at
