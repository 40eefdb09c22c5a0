-- Remember for 10 minutes who has shown the right password and owes the second step. Shape: value, the account's id.
-- Index: accounts_pkey.
-- psql -v token_hash="'\x00'" -v account_id=1 -v next_page="'/'" -v remember=true -v tries_keys="'{}'" -f sql/signin/begin_half.sql
insert into half_sign_ins (token_hash, account_id, password_digest, next_page, remember, tries_keys, expires_at)
select
    :token_hash, id, sha256(convert_to(password_hash, 'utf8')), :next_page, :remember, :tries_keys,
    now() + interval '10 minutes'
from accounts
where id = :account_id
returning account_id
