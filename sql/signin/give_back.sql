-- A try was right after all: what stands for the person alone is forgotten, of what others share one try.
-- Shape: many. Index: sign_in_tries_pkey.
-- psql -v own="'\x00'" -v shared="'{\\\\x01}'" -f sql/signin/give_back.sql
with forgotten as (
    delete from sign_in_tries
    where key = :own
)
update sign_in_tries
set level = greatest(0, level - 1)
where key = any(cast(:shared as bytea[]))
returning key
