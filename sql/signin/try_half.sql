-- Count a try of the second step before it is made. Shape: one, or nothing once there were too many, or it is too late.
-- Index: half_sign_ins_pkey.
-- psql -v token_hash="'\x00'" -v most=5 -f sql/signin/try_half.sql
update half_sign_ins h
set codes_tried = h.codes_tried + 1
from accounts a
where h.token_hash = :token_hash
  and h.codes_tried < :most
  and h.expires_at > now()
  and a.id = h.account_id
  and h.password_digest = sha256(convert_to(a.password_hash, 'utf8'))
returning a.id, a.name, a.role, h.next_page, h.remember, h.codes_tried
