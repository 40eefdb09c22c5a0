"""A real streaming replica that follows, falls behind, hangs and goes: strangers get their page all the same."""

import asyncio
import dataclasses
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import asyncpg
import pytest

from board.app import create_app
from board.kit import embedded, replica
from tests.conftest import Client
from tests.factories import make_account, make_thread


class Standby:
    """A copy of the server that follows it."""

    def __init__(self, server: str, folder: Path) -> None:
        (socket,) = parse_qs(urlsplit(server).query)["host"]
        self.folder, self.data = folder, folder / "data"
        self.owner = pwd.getpwuid(Path(socket).stat().st_uid)
        os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)
        copy = ["pg_basebackup", "-h", socket, "-U", "board", "-D", str(self.data), "-R", "-X", "stream", "-c", "fast"]
        self._run(copy).wait(60)

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}", "-c", "timezone=UTC"]
        self.process = self._run(["postgres", "-D", str(self.data), *settings])
        end = time.monotonic() + 30
        while self._run(["pg_isready", "-h", str(self.folder)]).wait(10) and time.monotonic() < end:
            time.sleep(0.05)

    def signal(self, sig: int) -> None:
        """To all of its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, sig)

    def stop(self) -> None:
        """Fast shutdown."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    @contextmanager
    def frozen(self):
        """Its processes are there, take connections, and do not answer."""
        # Backends lead a session of their own: each is stopped by its number.
        parent = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        every = [self.process.pid, *map(int, Path(parent).read_text().split())]
        for pid in every:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        yield
        for pid in every:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    async def run(self, sql: str) -> None:
        """As its owner."""
        connection = await asyncpg.connect(self.url("board"))
        await connection.execute(sql)
        await connection.close()

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://board@/{database}?host={quote(str(self.folder))}"

    def _run(self, command: list[str]) -> subprocess.Popen:
        program = embedded.find_binaries() / command[0]
        log = (self.folder / "log").open("ab")
        rights = {"user": self.owner.pw_uid, "group": self.owner.pw_gid} if os.geteuid() == 0 else {}
        with log:
            return subprocess.Popen([program, *command[1:]], stdout=log, stderr=log, start_new_session=True, **rights)


@pytest.fixture
def standby(server, own_database):
    """A replica of everything, this test's database included."""
    folder = Path(tempfile.mkdtemp(prefix="board-standby-"))
    standby = Standby(server, folder)
    standby.start()
    yield standby
    standby.signal(signal.SIGCONT)
    standby.stop()
    shutil.rmtree(folder)


@pytest.fixture
async def app(config, own_database, standby, monkeypatch):
    """The site with a replica that may be three seconds behind."""
    monkeypatch.setattr(replica, "LOOK_SECONDS", 0.05)
    name = urlsplit(own_database).path.strip("/")
    settings = dataclasses.replace(
        config, database_url=own_database, read_database_url=standby.url(name), read_lag_seconds=3.0
    )
    app = create_app(settings, with_jobs=False)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def alice(app):
    """Writes."""
    async with app.state.database.connection() as connection:
        account = await make_account(connection, "alice")
        cookie = await app.state.sessions.begin(connection, account["id"])
    async with Client(app, account, cookie) as client:
        yield client


def said(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "board.replica"]


async def until_it_serves(app, caplog, times: int) -> None:
    """Until the replica has served again so many times."""
    async with asyncio.timeout(30):
        while sum("serves again" in line for line in said(caplog)) < times or not app.state.database._serves:
            await asyncio.sleep(0.05)


async def test_it_follows_falls_behind_hangs_and_goes_and_no_stranger_notices(app, standby, alice, stranger, caplog):
    caplog.set_level("INFO", "board.replica")
    await until_it_serves(app, caplog, 0)

    # Behind, but not too far: the list is a moment old, and what is shared by its address is found.
    await standby.run("select pg_wal_replay_pause()")
    thread = await make_thread(alice, "Hot off the press")
    assert "Hot off the press" not in (await stranger.open("/")).text
    assert "Hot off the press" in (await alice.open("/")).text
    assert "Hot off the press" in (await stranger.open(thread.path)).text

    # Too far.
    async with asyncio.timeout(20):
        while "Hot off the press" not in (await stranger.open("/")).text:
            await asyncio.sleep(0.05)
    assert re.match(r"The read replica is \d s behind: strangers' pages come from the primary.", said(caplog)[-1])
    await standby.run("select pg_wal_replay_resume()")
    await until_it_serves(app, caplog, 1)
    assert "Hot off the press" in (await stranger.open("/")).text

    # It hangs.
    with standby.frozen():
        for path in ("/", thread.path, "/boards", "/people/alice"):
            await stranger.open(path)
    assert said(caplog)[-1].startswith("The read replica does not answer (TimeoutError")
    await until_it_serves(app, caplog, 2)

    # It goes, and comes back.
    standby.stop()
    for path in ("/", thread.path, "/boards", "/people/alice"):
        await stranger.open(path)
    assert said(caplog)[-1].startswith("The read replica does not answer (")
    standby.start()
    await until_it_serves(app, caplog, 3)
    await stranger.open("/")
    # Each change is told once.
    serves = ["serves again" in line for line in said(caplog)]
    assert serves.count(True) >= 3
    assert all(before != after for before, after in pairwise(serves))
