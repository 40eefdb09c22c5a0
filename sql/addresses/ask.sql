-- Let an address wait for its link, in place of another that does. Shape: one.
-- psql -v account_id=1 -v address="'alice@example.org'" -v address_key="'alice@example.org'" -f sql/addresses/ask.sql
insert into addresses (account_id, verified, address, address_key)
values (:account_id, false, :address, :address_key)
on conflict (account_id, verified) do update
set address = excluded.address, address_key = excluded.address_key, since = now()
returning (select name from accounts where id = account_id) as name
