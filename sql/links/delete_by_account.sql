-- Let an account's links for a purpose lead nowhere any more. Shape: many. Index: links_by_account.
-- psql -v purpose="'new password'" -v account_id=1 -f sql/links/delete_by_account.sql
delete from links
where account_id = :account_id
  and purpose = :purpose
returning created_at
