-- The board's pair of keys, which is the given one if there was none. Shape: one.
-- psql -v sealed="'s'" -v public_key="'p'" -f sql/push/get_keys.sql
insert into push_keys (sealed, public_key)
values (:sealed, :public_key)
on conflict (one) do update set public_key = push_keys.public_key
returning sealed, public_key
