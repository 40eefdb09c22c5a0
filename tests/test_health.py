"""The probes: what a cluster asks before it restarts a process, or sends people to it."""

import asyncio
import dataclasses

import asyncpg
import httpx
import pytest

from board.app import create_app
from tests.conftest import ORIGIN, Client


@pytest.fixture
async def probe(busy_app):
    """Asks as a cluster does, on the site with a real pool; nothing is remembered."""
    busy_app.state.vitals.lacks.seconds = 0
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=busy_app), base_url=ORIGIN) as client:
        yield client


@pytest.fixture
async def outside(own_database):
    """A connection beside the site's."""
    connection = await asyncpg.connect(own_database)
    yield connection
    await connection.close()


def told(answer: httpx.Response) -> tuple[int, str]:
    """The status and the sentence of an answer that nobody may keep."""
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.status_code, answer.text


async def test_a_process_that_serves_lives_and_is_ready(probe):
    assert told(await probe.get("/health/live")) == (200, "Alive.\n")
    assert told(await probe.get("/health/ready")) == (200, "Ready.\n")
    assert (await probe.head("/health/ready")).status_code == 200


async def test_a_release_that_was_given_a_name_tells_it(config, database):
    app = create_app(dataclasses.replace(config, release="sha256:0f1e"), database, with_jobs=False)
    async with app.router.lifespan_context(app), Client(app) as client:
        assert told(await client.get("/health/live")) == (200, "Alive.\nRelease: sha256:0f1e\n")


@pytest.mark.parametrize("host", ["10.42.0.7:8000", "board.svc.cluster.local", "localhost", "evil.example"])
async def test_a_probe_may_call_the_server_what_it_likes(probe, host):
    for path in ("/health/live", "/health/ready"):
        assert (await probe.get(path, headers={"Host": host})).status_code == 200


async def test_a_cookie_costs_a_probe_no_look_up(app, alice, own_database):
    count = app.state.database.connection
    taken = []
    app.state.database.connection = lambda: taken.append(1) or count()
    await alice.get("/health/live")
    assert not taken
    await alice.get("/health/ready")
    assert len(taken) == 1


async def test_many_who_ask_at_once_share_one_question(app, stranger):
    count = app.state.database.connection
    taken = []
    app.state.database.connection = lambda: taken.append(1) or count()
    answers = await asyncio.gather(*(stranger.get("/health/ready") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(taken) == 1


async def test_a_schema_of_an_older_release_is_not_ready_and_is_when_it_was_migrated(probe, outside):
    await outside.execute("update migrations set name = 'later' where name = '0003_threads'")
    assert told(await probe.get("/health/ready")) == (
        503,
        "The database lacks 0003_threads: run `board migrate`.\n",
    )
    assert told(await probe.get("/health/live")) == (200, "Alive.\n")
    await outside.execute("update migrations set name = '0003_threads' where name = 'later'")
    assert told(await probe.get("/health/ready")) == (200, "Ready.\n")


async def test_a_newer_schema_is_ready(probe, outside):
    await outside.execute("insert into migrations (name, checksum) values ('9999_from_the_next_release', 'x')")
    assert (await probe.get("/health/ready")).status_code == 200


async def test_a_database_that_is_gone_is_not_ready_and_is_when_it_is_back(probe, server, own_database):
    assert (await probe.get("/health/ready")).status_code == 200
    beside = await asyncpg.connect(server)
    name = own_database.partition("?")[0].rpartition("/")[2]
    await beside.execute(f"alter database {name} allow_connections false")
    await beside.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    for _ in range(3):
        status, sentence = told(await probe.get("/health/ready"))
        assert status == 503 and sentence.startswith("The database")
    assert (await probe.get("/health/live")).status_code == 200
    await beside.execute(f"alter database {name} allow_connections true")
    await beside.close()
    assert told(await probe.get("/health/ready")) == (200, "Ready.\n")


async def test_a_database_that_hangs_is_told_in_time_and_asked_once(busy_app, probe, outside):
    busy_app.state.vitals.lacks.patience = 0.2
    async with outside.transaction():
        await outside.execute("lock table migrations in access exclusive mode")
        for _ in range(3):
            status, sentence = told(await probe.get("/health/ready"))
            assert status == 503 and "does not answer in time" in sentence
        waiting = (
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        )
        assert await outside.fetchval(waiting) == 1
        assert (await probe.get("/health/live")).status_code == 200
    await asyncio.sleep(0.2)
    assert told(await probe.get("/health/ready")) == (200, "Ready.\n")


async def test_who_is_told_to_stop_is_not_ready_but_lives(app):
    stopping = asyncio.Event()

    async def served(scope, receive, send):
        await app({**scope, "state": {"stopping": stopping}}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=served), base_url=ORIGIN) as client:
        assert (await client.get("/health/ready")).status_code == 200
        stopping.set()
        assert told(await client.get("/health/ready")) == (503, "The server was told to stop.\n")
        assert (await client.get("/health/live")).status_code == 200
