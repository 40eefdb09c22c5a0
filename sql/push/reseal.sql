-- Put the board's private key under another key. Shape: value, the public one, or nothing if it was done meanwhile.
-- psql -v sealed="'x'" -v anew="'y'" -f sql/push/reseal.sql
update push_keys
set sealed = :anew
where sealed = :sealed
returning public_key
