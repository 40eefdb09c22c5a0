-- Forget a picture if still no message and no person has it; its files go before the transaction ends. Shape: one, or nothing.
-- psql -v key="'00000000000000000000000000000000'" -v minutes=1440 -f sql/images/delete_unused.sql
delete from pictures p
where key = :key
  and touched_at < now() - make_interval(mins => :minutes)
  and not exists (select from message_pictures mp where mp.picture_key = p.key)
  and not exists (select from accounts a where a.avatar_key = p.key)
returning key, widths, fallback, animated
