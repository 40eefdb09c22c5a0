-- Use up what the password has opened: of two requests at once, one gets it. Shape: one. Index: half_sign_ins_pkey.
-- psql -v token_hash="'\x00'" -f sql/signin/use_half.sql
delete from half_sign_ins h
using accounts a
where h.token_hash = :token_hash
  and h.expires_at > now()
  and a.id = h.account_id
  and h.password_digest = sha256(convert_to(a.password_hash, 'utf8'))
returning a.id, a.name, a.role, h.next_page, h.remember, h.tries_keys
