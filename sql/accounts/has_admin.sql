-- Whether anybody is admin, so that the settings name the first one only. Shape: value.
-- psql -f sql/accounts/has_admin.sql
select exists (select from accounts where role = 'admin')
