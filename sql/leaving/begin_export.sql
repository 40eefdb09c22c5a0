-- Begin an export, or begin it anew after its process died, in a place of its own. Shape: one (with the place that was
-- given up, or null), or nothing if it is finished or its account is gone. Index: exports_pkey or one_export_at_a_time.
-- psql -v id=1 -f sql/leaving/begin_export.sql
update exports e
set place = gen_random_uuid(),
    done = 0,
    total = (
        select count(*) + coalesce(sum((select count(*) from message_pictures p where p.message_id = m.id)), 0)
        from messages m
        join threads t on t.id = m.thread_id
        where m.author_id = e.account_id
          and m.deleted_at is null
          and t.deleted_at is null
    )
where e.id = :id
  and e.finished_at is null
returning e.id, e.account_id, new.place, old.place as earlier_place, e.total
