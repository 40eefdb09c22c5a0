-- A passkey, and whose it is. Shape: one. Index: a_passkey_is_known_once.
-- psql -v credential_id="'\x00'" -f sql/factors/get_passkey.sql
select a.id, a.name, p.id as passkey_id, p.name as passkey_name, p.public_key, o.handle
from passkeys p
join accounts a on a.id = p.account_id
join passkey_owners o on o.account_id = p.account_id
where p.credential_id = :credential_id
