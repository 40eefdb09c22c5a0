-- Forget who never took the second step. Shape: many. Index: half_sign_ins_by_end.
-- psql -f sql/signin/forget_halves.sql
delete from half_sign_ins
where expires_at < now()
returning account_id
