-- Give a person another name and keep the one that they had for them. Shape: one (name), or nothing if they changed it
-- within `days`, or if somebody else had the new name within a year or left with it lately. Index: accounts_pkey.
-- Whoever comes second in the same moment waits for the row, and finds that it was changed just now. Raises a unique
-- violation if somebody has the name.
-- psql -v account_id=1 -v name="'Alina'" -v name_key="'a11na'" -v days=30 -f sql/people/rename.sql
with renamed as (
    update accounts
    set name = :name, name_key = cast(:name_key as text), renamed_at = now()
    where id = :account_id
      and name <> :name
      and (renamed_at is null or renamed_at < now() - make_interval(days => :days))
      and not is_kept_name(cast(:name_key as text), id)
      and not exists (
        select from held_names
        where name_hash = sha256(convert_to(cast(:name_key as text), 'UTF8'))
          and free_at > now()
      )
    returning id, old.name, old.name_key
)
insert into former_names (account_id, name, name_key)
select id, name, name_key
from renamed
returning name
