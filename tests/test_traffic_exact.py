"""The sums are exact: at a server's end, beside another server, without the database, when an answer is lost."""

import asyncio
import contextlib
import dataclasses
import signal
from urllib.parse import urlsplit

import asyncpg
import pytest

from board.kit.db import Database
from board.kit.errors import Unavailable
from board.traffic import Counter
from tests.conftest import Client
from tests.entrance import site
from tests.factories import row
from tests.test_command import running
from tests.test_db_lost import kill_all
from tests.traffic import DESKTOP, PHONE, counted, sent, visitors

LINES = "Host: board\r\nUser-Agent: {agent}\r\nAccept-Language: fr\r\n"


async def ask(address: str, number: int, *, agent: str = PHONE, lines: int = 8) -> None:
    """So many requests over a few connections that stay open; each is answered before the next is sent."""
    url = urlsplit(address)
    request = f"GET /help HTTP/1.1\r\n{LINES.format(agent=agent)}\r\n".encode()

    async def client(count: int) -> None:
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        for _ in range(count):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r")[0]))
        writer.close()

    await asyncio.gather(*(client(number // lines + (place < number % lines)) for place in range(lines)))


async def sums(url: str) -> dict[str, int]:
    """The requests in the database by dimension, and the filled registers."""
    connection = await asyncpg.connect(url)
    found = await connection.fetch(
        "select dimension, sum(requests)::bigint from traffic_counts where span = 'day' group by 1"
        " union all select 'times', coalesce(sum(requests), 0)::bigint from traffic_times"
        " where span = 'day' and route <> '*'"
        " union all select 'visitors', count(*) from traffic_registers"
    )
    await connection.close()
    return dict(found)


def exactly(number: int, visitors: int = 1) -> dict[str, int]:
    """What there is after so many requests for a page."""
    every = ("route", "status", "kind", "referrer", "device", "language", "times")
    return dict.fromkeys(every, number) | {"visitors": visitors}


def server(folder, url: str, **settings: str):
    (folder / "data").mkdir(parents=True)
    return running(folder / "data", "board", "serve", DATABASE_URL=url, **settings)


def address(line: str) -> str:
    return next(word for word in line.split() if word.startswith("http://"))


async def test_ten_thousand_requests_and_sigterm_are_ten_thousand_in_the_database(own_database, tmp_path):
    with server(tmp_path / "one", own_database, TRAFFIC_SECONDS="2") as (process, line):
        await ask(address(line), 10_000)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert await sums(own_database) == exactly(10_000)


async def test_sigkill_loses_at_most_what_came_since_the_last_time(own_database, tmp_path):
    with server(tmp_path / "one", own_database, TRAFFIC_SECONDS="0.2") as (process, line):
        await ask(address(line), 500)
        async with asyncio.timeout(20):
            while await sums(own_database) != exactly(500):
                await asyncio.sleep(0.05)
        await ask(address(line), 50)
        process.kill()
        process.wait()
    found = (await sums(own_database))["kind"]
    assert 500 <= found <= 550
    assert await sums(own_database) == exactly(found), "a batch is added whole, or not at all"


async def test_two_servers_add_up_and_know_the_same_visitors(own_database, tmp_path):
    settings = {"TRAFFIC_SECONDS": "0.05"}
    with (
        server(tmp_path / "one", own_database, **settings) as (first, one),
        server(tmp_path / "two", own_database, **settings) as (second, other),
    ):
        await asyncio.gather(
            ask(address(one), 1000),
            ask(address(other), 1000),
            ask(address(one), 500, agent=DESKTOP),
            ask(address(other), 500, agent=DESKTOP),
        )
        for process in (first, second):
            process.send_signal(signal.SIGTERM)
        for process in (first, second):
            assert process.wait(20) == 0
    assert await sums(own_database) == exactly(3000, visitors=2)


@pytest.fixture
async def counting(config, own_database):
    """A site with a database of its own, that stores what it counts when told."""
    database = Database(own_database)
    await database.connect()
    async with site(dataclasses.replace(config, database_url=own_database), database, traffic_seconds=3600) as app:
        yield app
    await database.disconnect()


async def test_what_can_not_be_stored_is_kept_and_stored_later(counting, own_database):
    async with Client(counting) as stranger:
        await stranger.open("/help", headers=sent())
        await row(counting, "alter table traffic_counts rename to away")
        for _ in range(3):
            await stranger.open("/help", headers=sent())
            with pytest.raises(asyncpg.UndefinedTableError):
                await counting.state.traffic.flush()
        await row(counting, "alter table away rename to traffic_counts")
        await kill_all(own_database)
        with contextlib.suppress(Unavailable):
            await counting.state.traffic.flush()
        assert await counted(counting, "route") == {"/help": 4}
        assert await sums(own_database) == exactly(4)


async def test_a_batch_whose_answer_was_lost_on_the_way_counts_once(counting, own_database, monkeypatch):
    from board.traffic import counter

    add = counter._add

    async def lost(connection, **columns):
        await add(connection, **columns)
        raise Unavailable("The connection broke after the commit.")

    async with Client(counting) as stranger:
        await stranger.open("/help", headers=sent())
        with monkeypatch.context() as patch:
            patch.setattr(counter, "_add", lost)
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await counting.state.traffic.flush()
                await stranger.open("/help", headers=sent())
        assert await counted(counting, "route") == {"/help": 3}
        assert await sums(own_database) == exactly(3)


async def test_a_flush_that_is_broken_off_at_the_end_counts_once(counting, own_database):
    async with Client(counting) as stranger:
        await stranger.open("/help", headers=sent())
    connection = await asyncpg.connect(own_database)
    held = connection.transaction()
    await held.start()
    await connection.execute("lock table traffic_counts")
    task = asyncio.create_task(counting.state.traffic.flush())
    async with asyncio.timeout(10):
        while not await row(counting, "select 1 from pg_stat_activity where wait_event_type = 'Lock'"):
            await asyncio.sleep(0.01)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await held.rollback()
    await connection.close()
    assert await counted(counting, "route") == {"/help": 1}
    assert await sums(own_database) == exactly(1)


async def test_that_counts_wait_is_told_once_and_not_every_few_seconds(counting, caplog):
    await row(counting, "alter table traffic_salts rename to away")
    counter = Counter(counting.state.database, seconds=0.01, origin="")
    async with counter.working():
        await asyncio.sleep(0.2)
    assert caplog.text.count("the counts wait") == 1


async def test_replicas_share_the_salts_of_today_and_tomorrow(counting):
    async with Client(counting) as stranger:
        await stranger.open("/help", headers=sent())
    assert await visitors(counting) == 1
    first = await row(counting, "select array_agg(salt order by day) as salts from traffic_salts")
    other = Counter(counting.state.database, seconds=3600, origin="")
    await other.flush()
    assert list(other._salts.values()) == [each.bytes for each in first["salts"]] and len(first["salts"]) == 2
