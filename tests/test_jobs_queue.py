"""Work for later: left in a transaction, once where a key is given, and counted."""

import asyncio

import asyncpg
import pytest

from board.kit import queue
from board.kit.db import Database
from tests.test_jobs_together import until_somebody_waits

TAKE = "update jobs set lease = gen_random_uuid(), run_at = now() + interval '1 minute' where id = $1"


@pytest.fixture
async def several(own_database):
    """A database with several connections."""
    database = Database(own_database, pool=8)
    await database.connect()
    yield database
    await database.disconnect()


async def test_a_job_is_there_if_and_only_if_the_transaction_commits(several, own_database):
    class Refused(Exception):
        pass

    async def leave_and_be_refused() -> None:
        async with several.transaction() as connection:
            await queue.enqueue(connection, "tell", {"id": 1})
            raise Refused

    other = await asyncpg.connect(own_database)
    with pytest.raises(Refused):
        await leave_and_be_refused()
    async with several.transaction() as connection:
        left = await queue.enqueue(connection, "tell", {"id": 2})
        assert await other.fetchval("select count(*) from jobs") == 0
    assert [tuple(row) for row in await other.fetch("select id, kind, payload from jobs")] == [
        (left, "tell", '{"id": 2}')
    ]
    await other.close()


async def test_of_one_key_one_job_waits_at_the_earliest_time(database):
    async with database.connection() as connection:
        first = await queue.enqueue(connection, "tell", {"id": 1}, key="a", delay=500)
        assert await queue.enqueue(connection, "tell", {"id": 1}, key="a", delay=60) == first
        assert await queue.enqueue(connection, "tell", {"id": 1}, key="a", delay=900) == first
        assert await connection.fetchval("select run_at = now() + interval '60 s' from jobs") is True
        for kind, key in (("tell", "b"), ("mail", "a"), ("tell", None), ("tell", None)):
            assert await queue.enqueue(connection, kind, {}, key=key) != first
        await queue.enqueue_each(connection, "tell", {"b": {}, "a": {}, "c": {}})
        assert await connection.fetchval("select count(*) from jobs") == 6


async def test_a_key_that_is_worked_on_or_dead_does_not_hold_up_another_job(database):
    async with database.connection() as connection:
        running = await queue.enqueue(connection, "tell", {}, key="a")
        await connection.execute(TAKE, running)
        second = await queue.enqueue(connection, "tell", {}, key="a")
        await connection.execute("update jobs set dead_at = now() where id = $1", second)
        third = await queue.enqueue(connection, "tell", {}, key="a")
        assert len({running, second, third}) == 3


async def test_a_job_that_failed_keeps_its_time_when_it_is_asked_for_again(database):
    async with database.connection() as connection:
        job = await queue.enqueue(connection, "tell", {}, key="a", delay=500)
        await connection.execute("update jobs set attempts = 3")
        assert await queue.enqueue(connection, "tell", {}, key="a") == job
        assert await connection.fetchval("select run_at = now() + interval '500 s' from jobs") is True


async def test_a_job_that_waits_is_not_taken_before_the_one_who_asked_for_it_again_commits(several, own_database):
    """Taken earlier it would not see what was changed, and the second job would be missing."""
    async with several.connection() as connection:
        job = await queue.enqueue(connection, "tell", {}, key="a")
    other, watcher = [await asyncpg.connect(own_database) for _ in range(2)]
    async with several.transaction() as connection:
        await queue.enqueue(connection, "tell", {}, key="a")
        skipped = "select id from jobs where id = $1 for no key update skip locked"
        assert await other.fetchval(skipped, job) is None
        taking = asyncio.create_task(other.execute(TAKE, job))
        await until_somebody_waits(watcher)
    await taking
    for each in (other, watcher):
        await each.close()


async def test_the_summary_counts_each_kind_by_the_clock_of_the_database(database):
    async with database.connection() as connection:
        assert await queue.summary(connection) == queue.Summary(0, 0, 0, 0, 0.0, 0, [])
        await connection.execute("""
            insert into jobs (kind, run_at, lease, dead_at, every, error) values
            ('tell', now() - interval '90 s', null, null, null, null),
            ('tell', now() + interval '90 s', null, null, null, 'once'),
            ('tell', now() + interval '20 s', gen_random_uuid(), null, null, null),
            ('mail', now() - interval '20 s', gen_random_uuid(), null, null, null),
            ('mail', now() - interval '9 h', null, now(), null, 'often'),
            ('sweep', now() + interval '9 s', null, null, '1 minute', 'no luck')
        """)
        found = await queue.summary(connection)
    assert (found.waiting, found.later, found.running, found.dead, found.failing) == (2, 2, 1, 1, 1)
    assert found.oldest_seconds == 90.0
    by_kind = {row["kind"]: (row["waiting"], row["later"], row["running"], row["dead"]) for row in found.kinds}
    assert by_kind == {"tell": (1, 1, 1, 0), "mail": (1, 0, 0, 1), "sweep": (0, 1, 0, 0)}
