-- Lay an answer before the moderators. Shape: value, the account's id.
-- psql -v account_id=1 -v answer="'I bake.'" -f sql/joining/apply.sql
insert into applications (account_id, answer)
values (:account_id, :answer)
returning account_id
