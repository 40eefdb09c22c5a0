-- Keep what a person chose. Shape: value, the id. Index: accounts_pkey.
-- psql -v account_id=1 -v settings="'theme:dark'" -v answer_mail="'soon'" -f sql/settings/save.sql
update accounts
set settings = :settings, answer_mail = :answer_mail
where id = :account_id
returning id
