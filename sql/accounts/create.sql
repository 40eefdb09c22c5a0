-- Make an account, unless its name is taken by one that looks alike, kept for who gave it up within a year, or held back
-- for a while after somebody with it left. Shape: one, or nothing if taken.
-- psql -v name="'Alice'" -v name_key="'a11ce'" -v password_hash="'x'" -v role="'member'" -v form_key=null -f sql/accounts/create.sql
insert into accounts (name, name_key, password_hash, role, form_key)
select :name, cast(:name_key as text), :password_hash, :role, cast(:form_key as uuid)
where not is_kept_name(cast(:name_key as text), null)
  and not exists (
    select from held_names
    where name_hash = sha256(convert_to(cast(:name_key as text), 'UTF8'))
      and free_at > now()
  )
on conflict (name_key) do nothing
returning id, name, role
