-- What somebody typed who asked for a link, which is forgotten by that. Shape: one, or nothing if it was taken already.
-- Index: forgotten_pkey.
-- psql -v id=1 -f sql/addresses/take_forgotten.sql
delete from forgotten
where id = :id
returning typed, network
