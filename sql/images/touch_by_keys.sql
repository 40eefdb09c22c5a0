-- Pictures that were uploaded with a form that came back, by their keys, kept from the sweep for another while.
-- Shape: many. Index: pictures_pkey.
-- psql -v keys="'{}'" -f sql/images/touch_by_keys.sql
update pictures
set touched_at = now()
where key = any(cast(:keys as text[]))
returning key, width, height, widths, fallback, animated
