"""A board that is worth a backup, places to keep it and to put it back, and what tells two boards apart."""

import asyncio
import dataclasses
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pyrage
import pytest

from board.backups.make import make
from board.backups.place import Place
from board.kit.config import Config
from board.kit.storage import Storage
from tests import look, photos
from tests.factories import make_message, make_thread

SECRET = str(pyrage.x25519.Identity.generate())
PUBLIC = str(pyrage.x25519.Identity.from_str(SECRET).to_public())
TEXT = "Words that nobody else may read."

EmptyPlace = Callable[[], Awaitable[Config]]


@pytest.fixture
def backup_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A place for backups: a folder, or with --storage s3 a bucket whose owner only the BACKUP_ variables name."""
    if request.config.getoption("--storage") == "file":
        return (tmp_path / "backups").as_uri()
    store = request.getfixturevalue("s3")
    for name, text in store.environment().items():
        monkeypatch.setenv(f"BACKUP_{name}", text)
    return store.url()


@pytest.fixture
def saving(config: Config, own_database: str, backup_url: str) -> Config:
    """Settings of a board of its own that makes encrypted backups."""
    return dataclasses.replace(config, database_url=own_database, backup_url=backup_url, backup_key=SECRET)


@pytest.fixture
async def posted(saving: Config, busy_app, join) -> Config:
    """The same, with a thread, votes, an edit, and messages with three pictures, one of which moves."""
    alice, bob = await join("alice", app=busy_app), await join("bob", app=busy_app)
    thread = await make_thread(alice, text=TEXT)
    gif = photos.encoded(photos.frames(3)[0], "GIF", save_all=True, append_images=photos.frames(3)[1:], duration=100)
    for name, data in (
        ("a.png", photos.encoded(photos.photo(300, 200), "PNG")),
        ("b.jpg", photos.encoded(photos.photo(500, 400), "JPEG")),
        ("c.gif", gif),
    ):
        sent = await look.submit(bob, await bob.open(thread.path), (name, data), text=f"{TEXT} {name}")
        assert sent.status_code == 303
    answer = await make_message(bob, thread, "An answer.")
    await look.submit(bob, await bob.open(f"/messages/{answer}/edit"), text="Edited.")
    await alice.post(f"/messages/{answer}/vote", data={"value": 1})
    return saving


@pytest.fixture
async def empty_place(saving: Config, server: str, tmp_path: Path) -> AsyncIterator[EmptyPlace]:
    """Makes the settings of another machine: nothing there but access to the backups."""
    from tests import conftest

    made = []

    async def make_one() -> Config:
        name = f"board_empty_{os.getpid()}_{len(made)}"
        await conftest._execute(server, f"drop database if exists {name}", f"create database {name} template template0")
        made.append(name)
        beside = conftest._beside(server, name)
        folder = (tmp_path / f"machine{len(made)}" / "pictures").as_uri()
        url = folder if saving.storage_url.startswith("file:") else f"{saving.storage_url}-{len(made)}"
        return dataclasses.replace(saving, database_url=beside, storage_url=url)

    yield make_one
    for name in made:
        await conftest._execute(server, f"drop database {name} with (force)")


async def backed_up(config: Config) -> str:
    """Make a backup; its name."""
    return (await make(config)).name


async def query(config: Config, sql: str, *arguments: object) -> list:
    """Look into a board's database."""
    connection = await asyncpg.connect(config.database_url)
    try:
        return await connection.fetch(sql, *arguments)
    finally:
        await connection.close()


async def tables(config: Config) -> dict[str, str]:
    """A hash over all rows of each table, in whichever order they lie; without the record of backups."""
    rows = await query(config, "select tablename from pg_tables where schemaname = 'public' order by 1")
    found = {}
    for (name,) in rows:
        if name != "backups":
            sum_ = f"select md5(string_agg(t::text, '|' order by t::text)) || count(*) from {name} t"
            found[name] = (await query(config, sum_))[0][0]
    return found


async def pictures(config: Config) -> dict[str, str]:
    """The hash of each file of the picture store."""
    storage = Storage(config.storage_url)
    return {name: hashlib.sha256(await storage.get(name)).hexdigest() async for name in storage.list()}


async def files(config: Config, prefix: str = "") -> list[str]:
    """What is in the place of the backups."""
    return sorted([name async for name in Place(config).vault.storage.list(prefix)])


async def untouched(config: Config) -> bool:
    """Whether there is nothing at all in that database and that picture store."""
    objects = "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
    return (await query(config, objects))[0][0] == 0 and await pictures(config) == {}


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    """Wait for something that another process does."""
    async with asyncio.timeout(30):
        while not await condition():
            await asyncio.sleep(0.02)


def environment(config) -> dict[str, str]:
    """The settings of a board for a command."""
    given = {name: text for name, text in os.environ.items() if name.startswith(("AWS", "BACKUP", "PATH", "HOME"))}
    names = ("database_url", "storage_url", "data_dir", "backup_url", "backup_key")
    return given | {name.upper(): str(getattr(config, name)) for name in names}
