-- Who owes the second step in this browser, while it is not too late and the password is still the one that was shown.
-- Shape: one. Index: half_sign_ins_pkey.
-- psql -v token_hash="'\x00'" -f sql/signin/get_half.sql
select a.id, a.name, a.role, h.next_page, h.remember
from half_sign_ins h
join accounts a on a.id = h.account_id
where h.token_hash = :token_hash
  and h.expires_at > now()
  and h.password_digest = sha256(convert_to(a.password_hash, 'utf8'))
