-- What somebody answered to be let in, for an export. Shape: many, one row at most.
-- psql -v account_id=1 -f sql/leaving/list_applications.sql
select answer, created_at, decided_at, accepted, sentence
from applications
where account_id = :account_id
