-- Make an account, unless its name is taken by one that looks alike. Shape: one, or nothing if taken.
-- psql -v name="'Alice'" -v name_key="'a11ce'" -v password_hash="'x'" -v role="'member'" -v form_key=null -f sql/accounts/create.sql
insert into accounts (name, name_key, password_hash, role, form_key)
values (:name, :name_key, :password_hash, :role, cast(:form_key as uuid))
on conflict (name_key) do nothing
returning id, name, role
