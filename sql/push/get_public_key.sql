-- The public one of the board's pair of keys, which is the given one if there was none. Shape: value.
-- psql -v sealed="'s'" -v public_key="'p'" -f sql/push/get_public_key.sql
insert into push_keys (sealed, public_key)
values (:sealed, :public_key)
on conflict (one) do update set public_key = push_keys.public_key
returning public_key
