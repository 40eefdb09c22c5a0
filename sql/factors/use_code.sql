-- Use a backup code up. Shape: value, how many are left, or nothing if there is no such code.
-- Index: backup_codes_pkey.
-- psql -v account_id=1 -v code_hash="'\x00'" -f sql/factors/use_code.sql
delete from backup_codes
where account_id = :account_id
  and code_hash = :code_hash
returning (select count(*) - 1 from backup_codes b where b.account_id = :account_id)
