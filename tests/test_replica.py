"""Strangers' pages are read from the replica, everything else from the database; a stranger never notices its faults.

The replica here is another database of the same server, so that a page tells where it was read; a real one, that
follows and falls behind, is in tests/ops.
"""

import asyncio
import dataclasses

import asyncpg
import pytest

from board.app import create_app
from board.kit import replica
from tests.conftest import Client
from tests.factories import make_thread

FAR = "Read from afar"


@pytest.fixture
def copy(make_database, monkeypatch):
    """Address of the database that stands for the replica; its board has another name."""
    monkeypatch.setattr(replica, "LOOK_SECONDS", 0.05)
    url = make_database()
    asyncio.run(run(url, f"update boards set name = '{FAR}'"))
    return url


@pytest.fixture
async def app(config, own_database, copy):
    """The site with a replica."""
    app = create_app(dataclasses.replace(config, database_url=own_database, read_database_url=copy), with_jobs=False)
    async with app.router.lifespan_context(app):
        yield app


async def run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def cut_off(url: str) -> None:
    """Nobody can connect any more, and who is connected is thrown out."""
    name = url.partition("?")[0].rpartition("/")[2]
    beside = url.replace(f"/{name}", "/postgres")
    throw_out = f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
    await run(beside, f"alter database {name} allow_connections false", throw_out)


async def bring_back(url: str) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    await run(url.replace(f"/{name}", "/postgres"), f"alter database {name} allow_connections true")


async def until(client: Client, text: str) -> None:
    """Until the list of boards has the text; each answer on the way is a good one."""
    async with asyncio.timeout(10):
        while text not in (await client.open("/boards")).text:
            await asyncio.sleep(0.02)


async def test_strangers_read_the_replica_and_people_the_database(stranger, alice):
    await until(stranger, FAR)
    for path in ("/boards", "/boards/general"):
        assert FAR in (await stranger.open(path)).text
        assert FAR not in (await alice.open(path)).text


async def test_what_is_too_new_for_the_replica_is_found_in_the_database(stranger, alice):
    await until(stranger, FAR)
    thread = await make_thread(alice)
    for path in (thread.path, "/people/alice", f"/messages/{thread.opening}/history"):
        await stranger.open(path)
    assert (await stranger.get("/threads/999")).status_code == 404
    assert FAR in (await stranger.open("/boards")).text


async def test_a_replica_with_an_older_schema_costs_nobody_a_page(stranger, copy):
    await until(stranger, FAR)
    await run(copy, "alter table boards rename column description to about")
    assert FAR not in (await stranger.open("/boards")).text


async def test_a_replica_that_goes_away_is_told_once_and_costs_nobody_a_page(stranger, alice, copy, caplog):
    await until(stranger, FAR)
    thread = await make_thread(alice)
    await cut_off(copy)
    for path in ("/", thread.path, "/boards", "/people/alice") * 3:
        assert FAR not in (await stranger.open(path)).text
        await asyncio.sleep(0.05)
    said = [record.getMessage() for record in caplog.records if record.name == "board.replica"]
    assert len(said) == 1
    assert said[0].startswith("The read replica does not answer (")
    await bring_back(copy)
    await until(stranger, FAR)


async def test_readers_in_midst_of_the_fall_get_their_page(stranger, copy):
    await until(stranger, FAR)
    paths = ["/", "/boards", "/boards/general"] * 10
    answers, _ = await asyncio.gather(asyncio.gather(*(stranger.get(path) for path in paths)), cut_off(copy))
    assert {answer.status_code for answer in answers} == {200}


async def test_a_site_starts_without_its_replica_and_uses_it_when_it_comes(config, own_database, copy):
    await cut_off(copy)
    settings = dataclasses.replace(config, database_url=own_database, read_database_url=copy)
    app = create_app(settings, with_jobs=False)
    async with app.router.lifespan_context(app), Client(app) as stranger:
        assert FAR not in (await stranger.open("/boards")).text
        await asyncio.sleep(0.1)
        await bring_back(copy)
        await until(stranger, FAR)


async def test_strangers_read_on_while_the_database_is_away(stranger, alice, own_database):
    await until(stranger, FAR)
    await cut_off(own_database)
    for _ in range(5):
        assert FAR in (await stranger.open("/boards")).text
        assert (await alice.get("/")).status_code == 503
        await asyncio.sleep(0.05)
    await bring_back(own_database)
