-- Hold the rows of all admins, so that the last two do not leave at the same time. Shape: many, ids.
-- psql -f sql/leaving/hold_admins.sql
select id
from accounts
where role = 'admin'
order by id
for no key update
