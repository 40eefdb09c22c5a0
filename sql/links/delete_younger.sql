-- Let an account's links for a purpose that were made after a time lead nowhere. Shape: many. Index: links_by_account.
-- psql -v purpose="'undo address'" -v account_id=1 -v created_at="now()" -f sql/links/delete_younger.sql
delete from links
where account_id = :account_id
  and purpose = :purpose
  and created_at >= :created_at
returning created_at
