-- A passkey signed. Shape: value, its id, or nothing if it has not counted on: then there may be a copy of it.
-- Index: passkeys_pkey.
-- psql -v passkey_id=1 -v sign_count=1 -f sql/factors/use_passkey.sql
update passkeys
set sign_count = :sign_count, used_at = now()
where id = :passkey_id
  and (sign_count < :sign_count or (sign_count = 0 and :sign_count = 0))
returning id
