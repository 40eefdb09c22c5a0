-- Keep the board's pair of keys, unless there is one. Shape: value, the public one, or nothing.
-- psql -v sealed="'s'" -v public_key="'p'" -f sql/push/create_keys.sql
insert into push_keys (sealed, public_key)
values (:sealed, :public_key)
on conflict (one) do nothing
returning public_key
