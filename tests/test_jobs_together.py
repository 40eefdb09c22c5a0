"""Periodic work beside people who write, and in several processes at once."""

import asyncio
import dataclasses

import asyncpg
import pytest

from board import images, jobs
from board.kit.errors import Unavailable
from board.kit.storage import Storage
from board.kit.worker import Periodic, Worker
from tests.factories import make_account
from tests.test_jobs import picture, stored, sweep


def now(site: jobs.Site, work) -> asyncio.Task:
    """Do this as periodic work, in a process of its own as it were."""
    return asyncio.create_task(Worker(site, {}, [Periodic(work, 3600)]).do_now(work.__name__))


async def until_somebody_waits(connection) -> None:
    """Until another connection waits for a row or a table."""
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    async with asyncio.timeout(10):
        while not await connection.fetchval(waiting):
            await asyncio.sleep(0.01)


async def test_more_than_a_batch_goes_in_one_run_and_each_batch_is_safe_at_once(own_site):
    async with own_site.database.transaction() as connection:
        account = await make_account(connection, "alice")
        await connection.execute(
            "insert into threads (board_id, author_id, title, deleted_at) "
            "select 1, $1, 'T', now() - interval '11 minutes' from generate_series(1, 3)",
            account["id"],
        )
        await connection.execute(
            "insert into messages (thread_id, author_id, text, html, form_key) "
            "select t.id, $1, 'secret', 'secret', gen_random_uuid() from threads t, generate_series(1, 401)",
            account["id"],
        )

    async def left(connection) -> int:
        return await connection.fetchval("select count(*) from messages where text = 'secret'")

    seen = []

    async def watched(site: jobs.Site) -> int:
        done = await jobs.remove_deleted(site)
        other = await asyncpg.connect(site.config.database_url)
        seen.append(await left(other))
        await other.close()
        return done

    # What a batch removed is committed before the job ends: a thread of 50,000 is not one transaction.
    assert await now(own_site, watched) == 1203 + 3
    assert seen == [0]
    async with own_site.database.connection() as connection:
        assert await left(connection) == 0
        assert await connection.fetchval("select count(*) from threads where title = '' and purged_at is not null") == 3


async def test_two_processes_never_do_a_job_at_the_same_time(own_site):
    running = asyncio.Event()
    may_end = asyncio.Event()

    async def slow(site: jobs.Site) -> int:
        running.set()
        await may_end.wait()
        return 7

    first = now(own_site, slow)
    await running.wait()
    try:
        async with asyncio.timeout(10):
            assert await now(own_site, slow) is None
            assert await jobs.run_once(own_site, jobs.remove_deleted) == 0
    finally:
        may_end.set()
    assert await first == 7
    assert await now(own_site, slow) == 7


async def test_a_job_that_fails_leaves_its_lock_and_the_next_run_does_it(own_site):
    fails = [True, False]

    async def shaky(site: jobs.Site) -> int:
        if fails.pop(0):
            raise RuntimeError("no luck")
        return 3

    with pytest.raises(RuntimeError):
        await now(own_site, shaky)
    assert await now(own_site, shaky) == 3


@pytest.mark.parametrize("table", ["threads", "messages"])
async def test_what_is_brought_back_while_the_job_runs_is_not_removed(own_site, table):
    one, other = [await asyncpg.connect(own_site.config.database_url) for _ in range(2)]
    async with own_site.database.transaction() as connection:
        account = await make_account(connection, "alice")
    await one.execute("insert into threads (board_id, author_id, title) values (1, $1, 'T')", account["id"])
    write = (
        "insert into messages (thread_id, author_id, text, html, form_key) values (1, $1, 'a', 'a', gen_random_uuid())"
    )
    await one.execute(write, account["id"])
    await one.execute(f"update {table} set deleted_at = now() - interval '11 minutes'")
    # An undo that came at the last moment is not committed yet; the job has found the row already, and waits for it.
    transaction = one.transaction()
    await transaction.start()
    await one.execute(f"update {table} set deleted_at = null")
    removal = asyncio.create_task(jobs.run_once(own_site, jobs.remove_deleted))
    await until_somebody_waits(other)
    await transaction.commit()
    assert await removal == 0
    assert await other.fetchval("select text from messages where purged_at is null") == "a"
    assert await other.fetchval("select title from threads where purged_at is null") == "T"
    for connection in (one, other):
        await connection.close()


async def test_a_picture_that_is_uploaded_again_while_the_sweep_runs_survives(own_site):
    await images.keep(own_site.database, own_site.storage, picture(1))
    one, other = [await asyncpg.connect(own_site.config.database_url) for _ in range(2)]
    await one.execute("update pictures set touched_at = '-infinity'")
    # An upload of the same picture holds the row; the sweep has found it unused already, and waits for it.
    transaction = one.transaction()
    await transaction.start()
    await one.execute("update pictures set touched_at = now()")
    sweeping = asyncio.create_task(sweep(own_site))
    await until_somebody_waits(other)
    await transaction.commit()
    assert await sweeping == 0
    assert len(await stored(own_site)) == 3
    for connection in (one, other):
        await connection.close()


async def test_a_picture_that_is_swept_while_it_is_uploaded_again_is_stored_anew(own_site):
    class Slow(Storage):
        async def delete(self, names) -> None:
            deleting.set()
            await may_go_on.wait()
            await super().delete(names)

    deleting, may_go_on = asyncio.Event(), asyncio.Event()
    slow = dataclasses.replace(own_site, storage=Slow(own_site.config.pictures_url))
    await images.keep(own_site.database, own_site.storage, picture(1))
    async with own_site.database.connection() as connection:
        await connection.execute("update pictures set touched_at = '-infinity'")
    sweeping = asyncio.create_task(sweep(slow))
    await deleting.wait()
    again = asyncio.create_task(images.keep(own_site.database, own_site.storage, picture(1)))
    await asyncio.sleep(0.1)
    assert not again.done()
    may_go_on.set()
    assert await sweeping == 1
    await again
    assert len(await stored(own_site)) == 3
    async with own_site.database.connection() as connection:
        assert await connection.fetchval("select count(*) from pictures") == 1


async def test_a_picture_whose_files_can_not_be_removed_does_not_stop_the_others(own_site):
    class Stuck(Storage):
        async def delete(self, names) -> None:
            if any(f"{2:032x}" in name for name in names):
                raise Unavailable("The pictures can not be reached right now.")
            await super().delete(names)

    for number in (1, 2, 3):
        await images.keep(own_site.database, own_site.storage, picture(number))
    async with own_site.database.connection() as connection:
        await connection.execute("update pictures set touched_at = '-infinity'")
    await images.sweep(own_site.database)
    stuck = dataclasses.replace(own_site, storage=Stuck(own_site.config.pictures_url))
    assert sorted([str(each[1]) async for each in Worker(stuck, jobs.KINDS, []).drain()])[:2] == ["1", "1"]
    assert {name[3:35] for name in await stored(own_site)} == {f"{2:032x}"}
    async with own_site.database.connection() as connection:
        assert await connection.fetchval("select key from pictures") == f"{2:032x}", "it is tried again"
        assert await connection.fetchval("select error from jobs") == "The pictures can not be reached right now."
    assert await sweep(own_site) == 1
    assert await stored(own_site) == set()


async def test_a_vote_and_the_removal_of_its_thread_do_not_wait_for_each_other(own_site):
    """Both hold messages before threads: the vote below has the message, and will want the thread."""
    voter, other = [await asyncpg.connect(own_site.config.database_url) for _ in range(2)]
    async with own_site.database.transaction() as connection:
        account = await make_account(connection, "alice")
        await connection.execute("insert into threads (board_id, author_id, title) values (1, $1, 'T')", account["id"])
        await connection.execute(
            "insert into messages (thread_id, author_id, text, html, form_key) "
            "values (1, $1, 'a', 'a', gen_random_uuid())",
            account["id"],
        )
        await connection.execute("update threads set deleted_at = now() - interval '11 minutes'")
    transaction = voter.transaction()
    await transaction.start()
    await voter.execute("update messages set ups = ups + 1")
    removal = asyncio.create_task(jobs.run_once(own_site, jobs.remove_deleted))
    await until_somebody_waits(other)
    await voter.execute("update threads set ups = ups + 1")
    await transaction.commit()
    assert await removal == 2
    for connection in (voter, other):
        await connection.close()
