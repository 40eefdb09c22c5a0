"""Behind a real PgBouncer in transaction mode: each transaction gets whichever session is free."""

import asyncio
import dataclasses
import os
import pwd
import random
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from board import jobs
from board.app import create_app
from board.kit.db import Database
from board.kit.migrate import migrate, pending
from tests import recount
from tests.conftest import Client
from tests.factories import fields, make_account, make_thread

SESSIONS = 3
INI = """
[databases]
* = host={socket} port=5432
[pgbouncer]
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 100
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
logfile = {folder}/log
pidfile = {folder}/pid
"""


@pytest.fixture(scope="module")
def pooler(server, tmp_path_factory):
    """Turns the address of a database into its address behind PgBouncer."""
    if not shutil.which("pgbouncer", path="/usr/sbin:/usr/bin"):
        assert os.environ.get("CI") != "true", "apt-get install pgbouncer"
        pytest.skip("there is no PgBouncer here: apt-get install pgbouncer")
    (socket,) = parse_qs(urlsplit(server).query)["host"]
    owner, port = pwd.getpwuid(Path(socket).stat().st_uid), random.randrange(20_000, 32_000)
    folder = tmp_path_factory.mktemp("pooler")
    for each in (folder, *folder.parents[:3]):
        each.chmod(each.stat().st_mode | 0o011)
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    (folder / "ini").write_text(INI.format(socket=socket, sessions=SESSIONS, port=port, folder=folder))
    (folder / "users").write_text('"board" ""')
    process = subprocess.Popen(["/usr/sbin/pgbouncer", "--quiet", "--user", owner.pw_name, str(folder / "ini")])
    end = time.monotonic() + 20
    while not (folder / "pid").exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    assert process.poll() is None, "PgBouncer did not start"
    yield lambda url: f"postgresql://board@127.0.0.1:{port}{urlsplit(url).path}"
    process.terminate()
    process.wait(20)


@pytest.fixture
async def app(config, own_database, pooler):
    """The site behind it, with more connections than there are sessions."""
    settings = dataclasses.replace(
        config, database_url=pooler(own_database), read_database_url=pooler(own_database), database_pooler=True
    )
    app = create_app(settings, with_jobs=False)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def people(app):
    """Three who are signed in, and a stranger."""
    async with app.state.database.connection() as connection:
        accounts = [await make_account(connection, name) for name in ("alice", "bob", "carol")]
        cookies = [await app.state.sessions.begin(connection, account["id"]) for account in accounts]
    clients = [*map(Client, [app] * 3, accounts, cookies), Client(app)]
    yield clients
    for client in clients:
        await client.aclose()


async def test_people_read_vote_and_write_at_the_same_time(app, own_database, people):
    alice, bob, carol, stranger = people
    threads = [await make_thread(alice) for _ in range(3)]

    async def use(client: Client, number: int) -> list[int]:
        thread = threads[number % 3]
        answers = [await client.get("/"), await client.get(thread.path), await stranger.get(thread.path)]
        answers.append(await client.post(f"{thread.path}/messages", data=fields(text=f"Answer {number}")))
        answers.append(await client.post(f"/messages/{thread.opening}/vote", data={"value": str(number % 3 - 1)}))
        answers.append(await client.post("/threads", data=fields(title=f"Thread {number}", board="general")))
        return [answer.status_code for answer in answers]

    told = await asyncio.gather(*(use((bob, carol)[number % 2], number) for number in range(60)))
    assert told == [[200, 200, 200, 303, 303, 303]] * 60
    connection = await asyncpg.connect(own_database)
    assert await recount.find_wrong(connection) == []
    assert await connection.fetchval("select count(*) from messages where text like 'Answer %'") == 60
    assert await connection.fetchval("select count(*) from threads") == 63
    here = "select count(*) from pg_stat_activity where datname = current_database()"
    assert await connection.fetchval(here) <= SESSIONS + 1
    held = "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database "
    assert await connection.fetchval(f"{held} where datname = current_database())") == 0
    await connection.close()


async def test_two_releases_that_migrate_at_once_wait_for_each_other(server, pooler):
    name = f"pooled_{os.getpid()}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"create database {name}")
    url = pooler(f"postgresql://board@/{name}")
    both = [Database(url, pooled=True) for _ in range(2)]
    for database in both:
        await database.connect()
    applied = await asyncio.gather(*(migrate(database) for database in both))
    assert sorted(map(bool, applied)) == [False, True]
    assert await pending(both[0]) == []
    for database in both:
        await database.disconnect()
    async with asyncio.timeout(20):
        while await connection.fetchval("select count(*) from pg_stat_activity where datname = $1", name):
            await connection.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")
    await connection.execute(f"drop database {name} with (force)")
    await connection.close()


async def test_a_job_is_done_by_one_process_at_a_time(app):
    site = jobs.Site(app.state.config, app.state.database, app.state.storage)
    does = {jobs.count_weeks, jobs.renew_seals}  # on an empty board, too
    for job, *_ in jobs.JOBS:
        done = await asyncio.gather(*(jobs.run_once(site, job) for _ in range(2)))
        assert sorted(done) == [0, int(job in does)]
