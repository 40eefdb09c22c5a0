-- The random name by which passkeys know an account, made at the first call. Shape: value.
-- psql -v account_id=1 -f sql/factors/own_handle.sql
insert into passkey_owners (account_id)
values (:account_id)
on conflict (account_id) do update
set handle = passkey_owners.handle
returning handle
