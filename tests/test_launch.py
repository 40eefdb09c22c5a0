"""A database that is still starting is waited for; the first admin comes from the settings."""

import asyncio
import contextlib
import logging
import socket

import asyncpg
import pytest

from board.kit.db import Database
from board.kit.errors import Unavailable
from board.kit.launch import connect
from tests.conftest import _beside
from tests.test_command import board, running


@contextlib.asynccontextmanager
async def relay(port: int, url: str):
    """The database at another port."""
    probe = await asyncpg.connect(url)
    folder, behind = await probe.fetchrow("select current_setting('unix_socket_directories'), current_setting('port')")
    await probe.close()

    async def pump(reader, writer) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
        writer.close()

    async def meet(reader, writer) -> None:
        ours, theirs = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{behind}")
        await asyncio.gather(pump(reader, theirs), pump(ours, writer))

    server = await asyncio.start_server(meet, "127.0.0.1", port)
    yield
    server.close()


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


async def test_a_database_that_is_still_starting_is_waited_for(port, own_database, caplog):
    user, name = own_database.split("//")[1].split("@")[0], own_database.split("?")[0].rsplit("/", 1)[1]
    database = Database(f"postgresql://{user}@127.0.0.1:{port}/{name}", pool=1)
    with caplog.at_level(logging.WARNING, "board.launch"):
        waiting = asyncio.create_task(connect(database, 30))
        await asyncio.sleep(0.8)
    assert not waiting.done()
    assert len(caplog.records) == 1, "one line, however often it knocks"
    async with relay(port, own_database):
        await waiting
        async with database.connection() as connection:
            assert await connection.fetchval("select 1") == 1
        await database.disconnect()


async def test_nobody_waits_longer_than_the_setting_says(port):
    with pytest.raises(Unavailable, match="does not answer"):
        await connect(Database(f"postgresql://nobody@127.0.0.1:{port}/nothing"), 0.3)


def test_what_the_database_refuses_is_a_sentence_at_once(server):
    done = board("migrate", settings={"DATABASE_URL": _beside(server, "nothing")})
    assert done.returncode == 1
    assert "The database refuses" in done.stderr
    assert "nothing" in done.stderr


def test_serve_with_migrate_makes_the_schema_and_the_first_admin(empty_database, tmp_path):
    settings = {"DATABASE_URL": empty_database, "ADMIN_NAME": "Ada", "ADMIN_PASSWORD": "four words and more"}
    with running(tmp_path / "data", "board", "serve", "--migrate", **settings) as (_, line):
        assert line.startswith("Board is at")
    assert asyncio.run(roles(empty_database)) == {"Ada": "admin"}


def test_the_first_admin_of_the_settings_stays_the_first(empty_database):
    settings = {"DATABASE_URL": empty_database, "ADMIN_NAME": "Ada", "ADMIN_PASSWORD": "four words and more"}
    assert "0001_accounts" in board("migrate", settings=settings).stdout
    asyncio.run(roles(empty_database, "update accounts set password_hash = 'changed'"))
    assert board("migrate", settings=settings | {"ADMIN_NAME": "Eve"}).returncode == 0
    assert board("migrate", settings=settings).stdout == "Nothing to do.\n"
    assert asyncio.run(roles(empty_database)) == {"Ada": "admin"}
    hashes = asyncio.run(roles(empty_database, "select name, password_hash as role from accounts"))
    assert hashes == {"Ada": "changed"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"ADMIN_NAME": "ada"}, "give both or neither"),
        ({"ADMIN_NAME": "ada", "ADMIN_PASSWORD": "short"}, "ADMIN_PASSWORD: The password needs 12"),
        ({"ADMIN_NAME": "a b", "ADMIN_PASSWORD": "four words and more"}, "letters, digits"),
    ],
)
def test_a_first_admin_that_can_not_be_is_a_sentence(empty_database, settings, sentence):
    done = board("migrate", settings={"DATABASE_URL": empty_database, **settings})
    assert done.returncode == 1
    assert sentence in done.stderr


async def roles(url: str, statement: str = "select name, role from accounts") -> dict[str, str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(statement)
    await connection.close()
    return {row["name"]: row["role"] for row in rows}
