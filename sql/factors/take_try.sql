-- Take one of the tries to type a code, before the code is looked at: five, then after 30 seconds, and twice as long
-- after each, up to an hour; a day of rest forgets them. Shape: one, or nothing while it is closed.
-- Index: authenticators_pkey.
-- psql -v account_id=1 -f sql/factors/take_try.sql
update authenticators
set tries = case when open_at < now() - interval '1 day' then 1 else tries + 1 end,
    open_at = now() + make_interval(secs => case
        when tries < 4 or open_at < now() - interval '1 day' then 0
        else least(3600, 30 * power(2, least(tries - 4, 10)))
    end)
where account_id = :account_id
  and enabled_at is not null
  and open_at <= now()
returning secret, version, tries
