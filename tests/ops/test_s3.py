"""A bucket that refuses, hangs or breaks off: a sentence for who writes, the reason for who runs it, no harm to others.

All tests that post pictures run on this store, too: `pytest --storage s3`.
"""

import asyncio
import dataclasses

import pytest

from board import images
from board.kit.errors import Unavailable
from board.kit.storage import Storage
from tests import look
from tests.conftest import Client
from tests.factories import make_thread
from tests.test_images import png
from tests.test_images_store import large

NAME = f"ab/{'ab' * 16}/640.webp"


@pytest.fixture
def url(s3, monkeypatch) -> str:
    for name, value in s3.environment().items():
        monkeypatch.setenv(name, value)
    return s3.url()


@pytest.fixture
def config(config, url):
    return dataclasses.replace(config, storage_url=url)


async def reasons(storage: Storage) -> set[str]:
    """What who runs the board is told, whatever is tried."""

    async def names() -> list[str]:
        return [name async for name in storage.list()]

    told = set()
    for attempt in (storage.check(), storage.put(NAME, b"x"), storage.get(NAME), storage.delete([NAME]), names()):
        with pytest.raises(Unavailable, match="The pictures can not be reached right now") as caught:
            await attempt
        told.add(str(caught.value.__cause__).removeprefix(f"{storage.url}: "))
    return told


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("AWS_ACCESS_KEY_ID", "nobody", "the access key is not known there"),
        ("AWS_SECRET_ACCESS_KEY", "wrong", "the secret key does not belong to the access key"),
        ("AWS_ENDPOINT", "http://127.0.0.1:19", "nobody answers at that address"),
        ("AWS_ENDPOINT", "http://no.such.host.invalid", "nobody answers at that address"),
    ],
)
async def test_a_wrong_setting_is_named(url, monkeypatch, setting, value, reason):
    monkeypatch.setenv(setting, value)
    assert await reasons(Storage(url)) == {reason}


async def test_a_missing_bucket_is_named_and_is_not_taken_for_a_missing_picture(url):
    told = await reasons(Storage("s3://no-such-bucket/pictures"))
    assert told == {
        "there is no such bucket",
        "the access key has no right to do that, or there is no such bucket",  # says the store of a write
    }


async def test_nothing_secret_is_told(url, s3, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    for text in await reasons(Storage(url)):
        assert s3.secret not in text
        assert "\n" not in text


async def test_a_store_that_hangs_is_given_up(url, s3):
    storage = Storage(url, seconds=0.3)
    await storage.check()
    with s3.way.blocked():
        assert await reasons(storage) == {"no answer within 0.3 seconds"}
    await storage.put(NAME, b"again")
    assert await storage.get(NAME) == b"again"


async def test_a_store_that_was_away_for_a_moment_is_asked_again(url, s3):
    storage = Storage(url)
    await storage.put(NAME, b"x")
    with s3.way.closed():
        reading = asyncio.create_task(storage.get(NAME))
        await asyncio.sleep(0.1)
        assert not reading.done()
    assert await reading == b"x"


async def test_more_names_than_a_page_of_the_store_are_listed(url):
    storage = Storage(url)
    names = {f"ab/{number:032x}/160.webp" for number in range(1100)}
    for start in range(0, 1100, 100):
        await asyncio.gather(*(storage.put(name, b"x") for name in sorted(names)[start : start + 100]))
    assert {name async for name in storage.list()} == names
    await storage.delete(names)
    assert [name async for name in storage.list()] == []


async def test_who_uploads_to_a_store_that_hangs_takes_no_connection_from_others(busy_app, join, s3):
    busy_app.state.storage = Storage(busy_app.state.config.storage_url, seconds=3)
    bob = await join("bob", app=busy_app)
    thread = await make_thread(bob)
    page = await bob.open(thread.path)
    connections = busy_app.state.config.database_pool
    with s3.way.blocked():
        posts = [
            asyncio.create_task(look.submit(bob, page, png(number, 40, 30), text=f"Number {number}."))
            for number in range(connections + 2)
        ]
        async with asyncio.timeout(20):
            while await waiting(busy_app) < connections:
                await asyncio.sleep(0.05)
        async with Client(busy_app) as stranger:
            assert "The opening." in (await stranger.open(thread.path)).text
        assert not any(post.done() for post in posts)
        answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {503}
    assert {look.fields(look.form(answer))["text"] for answer in answers} == {f"Number {n}." for n in range(len(posts))}


async def waiting(app) -> int:
    """How many pictures are on their way into the store."""
    async with app.state.database.connection() as connection:
        return await connection.fetchval("select count(*) from pictures")


async def test_a_picture_that_breaks_off_midway_is_not_taken_for_whole(url, s3):
    storage, picture = Storage(url), large()
    name = f"{picture.key[:2]}/{picture.key}/play.webp"
    await storage.put(name, picture.files["play.webp"])
    found = await storage.open(name)
    first = await anext(found.pieces)
    with s3.way.closed(), pytest.raises(Unavailable):
        await anext(found.pieces)
    assert picture.files["play.webp"].startswith(first)


async def test_the_sweep_tries_again_after_the_store_was_away(app, s3):
    storage, database = app.state.storage, app.state.database
    await images.keep(database, storage, large())
    async with database.connection() as connection:
        await connection.execute("update pictures set touched_at = now() - interval '25 hours'")
    with s3.way.closed(), pytest.raises(Unavailable):
        await images.check(database, storage, large().key)
    assert await images.check(database, storage, large().key) == 1
    assert [name async for name in storage.list()] == []
