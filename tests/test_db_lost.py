"""PostgreSQL goes away, hangs or quarrels: people read a sentence, and when it is back all is as before."""

import asyncio
import socket

import asyncpg
import pytest

from board.kit import db
from board.kit.db import Database
from board.kit.errors import Unavailable
from tests.conftest import Client
from tests.entrance import who
from tests.factories import make_thread
from tests.test_db import BUSY, POOL, assert_whole, count, open_pool


@pytest.fixture
async def pool(own_database):
    async with open_pool(own_database) as database:
        yield database


async def kill_all(url: str) -> None:
    """End every other connection to the database, as a restart does."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_a_database_that_is_not_there_is_a_sentence():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        database = Database(f"postgresql://nobody@127.0.0.1:{closed.getsockname()[1]}/nothing")
        with pytest.raises(Unavailable, match="The database does not answer"):
            await database.connect()


async def test_a_connection_that_is_ended_in_a_query_is_a_sentence_and_the_pool_recovers(pool, own_database):
    async def sleep() -> None:
        async with pool.transaction() as connection:
            await connection.execute("insert into notes values (1)")
            await connection.execute("select pg_sleep(10)")

    tasks = [asyncio.create_task(sleep())]
    await asyncio.sleep(0.2)
    await kill_all(own_database)
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [(type(each), str(each)) for each in answers] == [(Unavailable, BUSY)]
    assert await count(pool) == 0
    await assert_whole(pool)


async def test_connections_that_are_ended_at_rest_cost_at_most_one_try_each(pool, own_database):
    await assert_whole(pool)
    await kill_all(own_database)
    failed = 0
    for _ in range(3 * POOL):
        try:
            await count(pool)
        except Unavailable:
            failed += 1
    assert failed <= POOL
    await assert_whole(pool)


async def test_a_statement_that_takes_too_long_is_ended(own_database, monkeypatch):
    monkeypatch.setattr(db, "STATEMENT_SECONDS", 0.2)
    database = Database(own_database, pool=1)
    await database.connect()
    for _ in range(2):
        with pytest.raises(Unavailable):
            async with database.transaction() as connection:
                await connection.execute("select pg_sleep(10)")
    async with database.connection() as connection:
        assert await connection.fetchval("select 1") == 1
    await database.disconnect()


async def test_who_loses_a_deadlock_may_try_again(pool):
    async with pool.connection() as connection:
        await connection.execute("insert into notes values (1), (2)")
    both = asyncio.Barrier(2)

    async def lock(first: int, second: int) -> None:
        async with pool.transaction() as connection:
            await connection.execute("set local deadlock_timeout = '50ms'")
            await connection.execute("update notes set text = 'x' where id = $1", first)
            await both.wait()
            await connection.execute("update notes set text = 'x' where id = $1", second)

    answers = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)
    assert sorted(str(each) for each in answers) == sorted(["None", BUSY])
    await assert_whole(pool)


async def test_a_query_that_an_operator_cancels_is_a_sentence(pool):
    async def sleep() -> None:
        async with pool.connection() as connection:
            await connection.execute("select pg_sleep(10)")

    task = asyncio.create_task(sleep())
    await asyncio.sleep(0.2)
    async with pool.connection() as connection:
        await connection.execute("select pg_cancel_backend(pid) from pg_stat_activity where query like '%pg_sleep(10)'")
    with pytest.raises(Unavailable):
        await task
    await assert_whole(pool)


async def test_the_site_answers_503_while_the_database_restarts_and_is_back_at_once(busy_app, own_database, join):
    alice = await join("alice", app=busy_app)
    thread = await make_thread(alice)
    async with Client(busy_app) as stranger:
        seen = []
        for _ in range(10):
            reads = [client.get(path) for client in (alice, stranger) for path in ("/", thread.path, "/help")]
            writes = [alice.post(f"{thread.path}/messages", data={"text": "x", "form_key": "0" * 32})]
            answers, _ = await asyncio.gather(asyncio.gather(*reads, *writes), kill_all(own_database))
            seen += [answer.status_code for answer in answers]
            for answer in answers:
                if answer.status_code == 503:
                    assert BUSY in answer.text
        assert set(seen) <= {200, 303, 503}
        for _ in range(10):
            await alice.get("/")
        for client in (alice, stranger):
            for path in ("/", thread.path, "/help"):
                assert (await client.get(path)).status_code == 200
        assert await who(alice) == "alice"
