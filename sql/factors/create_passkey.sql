-- Store a passkey. Shape: value, its id, or nothing if it is known already, or if the account has 20.
-- Index: passkeys_by_account.
-- psql -v account_id=1 -v credential_id="'\x00'" -v public_key="'\x00'" -v sign_count=0 -v transports="'{}'" -v name="'Phone'" -f sql/factors/create_passkey.sql
insert into passkeys (account_id, credential_id, public_key, sign_count, transports, name)
select :account_id, :credential_id, :public_key, :sign_count, cast(:transports as text[]), :name
where (select count(*) from passkeys p where p.account_id = :account_id) < 20
on conflict (credential_id) do nothing
returning id
