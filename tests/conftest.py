"""One PostgreSQL for the whole run; each test works in a transaction that is undone, or in a database of its own."""

import asyncio
import dataclasses
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import html5lib
import httpx
import pytest
from starlette.applications import Starlette

from board.app import create_app
from board.kit import embedded
from board.kit.config import Config
from board.kit.db import Database
from board.kit.migrate import migrate
from board.kit.pictures import PictureWorkers
from tests import factories
from tests.door import door, shared  # fixtures  # noqa: F401
from tests.mailbox import mailbox  # fixture  # noqa: F401
from tests.s3 import s3, storage_url, store_away  # fixtures  # noqa: F401
from tests.saved import backup_url, empty_place, posted, saving  # fixtures  # noqa: F401
from tests.work import own_site  # fixture  # noqa: F401

ORIGIN = "http://testserver"
_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --storage s3`: the pictures of all tests go to a real S3 store."""
    parser.addoption("--storage", choices=("file", "s3"), default="file", help="where tests keep pictures")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a PostgreSQL: that of TEST_DATABASE_URL, else an embedded one."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="board-tests-"))
    folder.chmod(0o755)
    try:
        with embedded.start(folder / "data") as running:
            yield running.url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """Address of a migrated database that stays as it is: what is undone elsewhere still moves the next ids on."""

    async def make() -> None:
        await _execute(server, "drop database if exists board_template", "create database board_template")
        database = Database(_beside(server, "board_template"), pool=1)
        await database.connect()
        await migrate(database)
        await database.disconnect()

    _run(make())
    return _beside(server, "board_template")


@pytest.fixture(scope="session")
def shared_database(server: str, template: str) -> str:
    """Address of a database in which every test undoes its work."""
    _run(
        _execute(server, "drop database if exists board_shared", "create database board_shared template board_template")
    )
    return _beside(server, "board_shared")


@pytest.fixture
def config(request: pytest.FixtureRequest, tmp_path: Path, shared_database: str, storage_url: str) -> Config:  # noqa: F811
    """Settings under which nothing is cached and nobody held back; a test with a `mailbox` has its mail go there."""
    has_mail = "mailbox" in request.fixturenames
    return Config(
        database_url=shared_database,
        data_dir=tmp_path,
        storage_url=storage_url,
        public_origin=ORIGIN,
        page_cache_seconds=0.0,
        rate_limits=False,
        traffic_seconds=0,
        smtp_url=request.getfixturevalue("mailbox").url if has_mail else "",
    )


@pytest.fixture
async def database(shared_database: str) -> AsyncIterator[Database]:
    """One connection whose work is undone after the test."""
    database = Database(shared_database, rollback=True)
    await database.connect()
    yield database
    await database.disconnect()


@pytest.fixture
def make_database(server: str, template: str) -> Iterator[Callable[[], str]]:
    """Makes migrated databases of the test's own, and tells their addresses."""
    names: list[str] = []

    def make() -> str:
        names.append(f"board_{os.getpid()}_{next(_numbers)}")
        _run(_execute(server, f"create database {names[-1]} template board_template"))
        return _beside(server, names[-1])

    yield make
    for name in names:
        _run(_execute(server, f"drop database {name} with (force)"))


@pytest.fixture
def own_database(make_database: Callable[[], str]) -> str:
    """Address of a database of the test's own, for several connections or processes."""
    return make_database()


@pytest.fixture
def empty_database(server: str) -> Iterator[str]:
    """Address of a database without a schema."""
    name = f"board_{os.getpid()}_{next(_numbers)}"
    _run(_execute(server, f"create database {name}"))
    yield _beside(server, name)
    _run(_execute(server, f"drop database {name} with (force)"))


@pytest.fixture
async def app(config: Config, database: Database) -> AsyncIterator[Starlette]:
    """The site, on the connection whose work is undone."""
    app = create_app(config, database, with_jobs=False)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def busy_app(config: Config, own_database: str) -> AsyncIterator[Starlette]:
    """The site on a database of its own with a real pool, for what happens at the same time."""
    app = create_app(dataclasses.replace(config, database_url=own_database), with_jobs=False)
    async with app.router.lifespan_context(app):
        yield app


class Client(httpx.AsyncClient):
    """A person's browser, as far as HTTP goes. It reads every page strictly and checks the headers of all answers."""

    def __init__(self, app: Starlette, account: dict | None = None, cookie: str = "") -> None:
        super().__init__(
            transport=httpx.ASGITransport(app=app),
            base_url=ORIGIN,
            headers={"Origin": ORIGIN},
            event_hooks={"response": [_check]},
        )
        self.app, self.account = app, account
        if cookie:
            # As if the site had set it, so that a new one takes its place; .local is the cookie jar's own addition.
            self.cookies.set(app.state.sessions.cookie, cookie, domain="testserver.local")

    async def open(self, path: str, **options) -> httpx.Response:
        """GET, follow where it leads, and insist that it ends well."""
        response = await self.get(path, follow_redirects=True, **options)
        assert response.status_code == 200, (response.status_code, response.text)
        return response

    async def fragment(self, method: str, path: str, **options) -> httpx.Response:
        """What htmx would get."""
        return await self.request(method, path, headers={"HX-Request": "true"}, **options)


async def _check(response: httpx.Response) -> None:
    await response.aread()
    assert response.status_code != 500, response.text
    assert "cache-control" in response.headers
    assert "content-security-policy" in response.headers
    assert response.headers["x-content-type-options"] == "nosniff"
    if not response.headers.get("content-type", "").startswith("text/html") or not response.content:
        return
    assert "HX-Request" in response.headers["vary"]
    parser = html5lib.HTMLParser(strict=True)
    if response.text.startswith("<!DOCTYPE"):
        parser.parse(response.text)
    else:
        parser.parseFragment(response.text, container="ol")


@pytest.fixture
async def join(app: Starlette):
    """Makes a person who is signed in: `carol = await join("carol")`."""
    clients = []

    async def make(name: str, role: str = "member", app: Starlette = app) -> Client:
        async with app.state.database.connection() as connection:
            account = await factories.make_account(connection, name, role)
            cookie = await app.state.sessions.begin(connection, account["id"])
        clients.append(Client(app, account, cookie))
        return clients[-1]

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def alice(join) -> Client:
    """Wrote it."""
    return await join("alice")


@pytest.fixture
async def bob(join) -> Client:
    """Replies."""
    return await join("bob")


@pytest.fixture
async def mod(join) -> Client:
    """Moderates."""
    return await join("morag", "moderator")


@pytest.fixture
async def admin(join) -> Client:
    """Runs the board."""
    return await join("ada", "admin")


@pytest.fixture
async def stranger(app: Starlette) -> AsyncIterator[Client]:
    """Is signed out."""
    async with Client(app) as client:
        yield client


@pytest.fixture
async def thread(alice: Client) -> factories.Made:
    """A thread that alice started."""
    return await factories.make_thread(alice)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the workers put what they work on; it has to be empty after each test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
async def workers(folder: Path) -> AsyncIterator[PictureWorkers]:
    """Processes that read pictures, as the server has them."""
    pool = PictureWorkers()
    yield pool
    await pool.close()
    assert list(folder.glob("board-picture-*")) == []


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: playwright leaves its event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


def _beside(url: str, name: str) -> str:
    address, question, query = url.partition("?")
    return address.rpartition("/")[0] + f"/{name}{question}{query}"
