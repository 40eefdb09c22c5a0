"""Backups: everything comes back as it was, from nothing but the backup and its key."""

import asyncio
import dataclasses

import pyrage
import pytest

from board import images, jobs
from board.backups import restore as restoring
from board.backups.make import BUSY, make
from board.backups.place import Place
from board.backups.restore import RestoreError, restore
from board.kit.config import Config, ConfigError
from board.kit.db import SQL, Database
from board.kit.errors import Unavailable
from board.kit.migrate import pending
from board.kit.storage import Storage
from board.kit.vault import Key, VaultError
from board.kit.worker import Site, Worker
from tests import look, photos
from tests.factories import make_message, make_thread
from tests.saved import PUBLIC, SECRET, TEXT, backed_up, files, pictures, query, tables, untouched


@pytest.mark.parametrize("key", ["", SECRET], ids=["open", "encrypted"])
async def test_what_was_lost_comes_back_the_same(posted, empty_place, key):
    posted = dataclasses.replace(posted, backup_key=key)
    before = await tables(posted), await pictures(posted)
    assert len(before[1]) > 10
    name = await backed_up(posted)
    there = dataclasses.replace(await empty_place(), backup_key=key)
    restored = await restore(there)
    assert restored.name == name
    assert (await tables(there), await pictures(there)) == before
    (row,) = await query(there, "select * from backups where kind = 'restore'")
    assert (row["name"], row["problem"]) == (name, None)


async def test_a_restored_board_goes_on(posted, empty_place, busy_app, join):
    await backed_up(posted)
    there = await empty_place()
    await restore(there)
    highest = (await query(there, "select max(id) from messages"))[0][0]
    (row,) = await query(
        there,
        "insert into messages (thread_id, author_id, text, html, form_key) "
        "select id, author_id, 'x', 'x', gen_random_uuid() from threads limit 1 returning id",
    )
    assert row["id"] > highest, "the sequences were restored, too"
    assert not await query(there, "select from pg_class where relkind = 'r' and reltuples < 0 and relname = 'messages'")


async def test_only_who_holds_the_key_reads_a_backup(posted, empty_place):
    """The server may know the public key alone: it makes backups, keeps them in order, and can read none of them."""
    server = dataclasses.replace(posted, backup_key=PUBLIC)
    await backed_up(server)
    name = await backed_up(server)
    storage = Place(posted).vault.storage
    for file in await files(posted):
        data = await storage.get(file)
        assert TEXT.encode() not in data
        assert file.endswith((".age", "manifest.json", "pictures.0001.zst"))
        assert data.startswith(b"age-encryption.org/v1") == file.endswith(".age")
    there = await empty_place()
    with pytest.raises(VaultError, match="it must be the secret key"):
        await restore(dataclasses.replace(there, backup_key=PUBLIC))
    assert (await restore(there)).name == name
    assert await tables(there) == await tables(posted)


async def test_the_salts_of_the_traffic_are_in_no_backup(posted, empty_place):
    await query(posted, "insert into traffic_salts values (now())")
    await query(posted, "insert into traffic_registers values (now(), 7, 1)")
    await backed_up(posted)
    there = await empty_place()
    await restore(there)
    assert await query(there, "select from traffic_registers")
    assert not await query(there, "select from traffic_salts")


async def test_several_people_can_read_a_backup(posted, empty_place):
    other = pyrage.x25519.Identity.generate()
    await backed_up(dataclasses.replace(posted, backup_key=f"{PUBLIC}, {other.to_public()}"))
    for key in (SECRET, str(other)):
        there = dataclasses.replace(await empty_place(), backup_key=key)
        await restore(there)
        assert await pictures(there) == await pictures(posted)


async def test_the_second_backup_copies_only_what_is_new(posted, busy_app, join):
    first = await make(posted)
    pool = await files(posted, "pictures")
    assert len(pool) == 3
    carol = await join("carol", app=busy_app)
    thread = await make_thread(carol, "With a picture")
    png = photos.encoded(photos.photo(200, 330), "PNG")
    await look.submit(carol, await carol.open(thread.path), ("d.png", png), text="Another.")
    second = await make(posted)
    added = set(await files(posted, "pictures")) - set(pool)
    assert len(added) == 1
    sizes = await Place(posted).vault.sizes("pictures")
    assert second.bytes > first.bytes
    assert second.new_bytes < second.bytes - sum(sizes[name] for name in pool) + 1
    assert {name: sizes[name] for name in pool}.keys() < sizes.keys()


async def test_another_key_shares_no_pictures_with_the_old_one(posted, empty_place):
    await backed_up(posted)
    await backed_up(dataclasses.replace(posted, backup_key=""))
    there = dataclasses.replace(await empty_place(), backup_key="")
    await restore(there)
    assert await pictures(there) == await pictures(posted)
    assert len(await files(posted, "pictures")) == 6


async def test_a_backup_is_of_one_moment_while_people_post_and_delete(posted, busy_app, join, empty_place):
    """And pictures of deleted messages are not swept away between the dump and the copying of them."""
    carol = await join("carol", app=busy_app)
    thread = await make_thread(carol, "Busy")
    database, storage = Database(posted.database_url, pool=2), Storage(posted.storage_url)
    await database.connect()
    worker = Worker(Site(posted, database, storage), jobs.KINDS, [])
    running, swept = True, 0

    async def post() -> None:
        number = 0
        while running:
            number += 1
            png = photos.encoded(photos.photo(60 + number, 50), "PNG")
            sent = await look.submit(carol, await carol.open(thread.path), (f"{number}.png", png), text=str(number))
            await make_message(carol, thread, f"Answer {number}")
            await carol.post(f"{sent.headers['location']}/delete")

    async def remove() -> None:
        nonlocal swept
        while running:
            async with database.connection() as connection:
                await connection.execute(
                    "with gone as (delete from message_pictures using messages m "
                    "where m.id = message_id and m.deleted_at is not null returning picture_key) "
                    "update pictures set touched_at = '-infinity' from gone where key = picture_key"
                )
            await images.sweep(database)
            swept += sum([went async for _, went in worker.drain()])
            await asyncio.sleep(0)

    working = [asyncio.create_task(post()), asyncio.create_task(remove())]
    for _ in range(4):
        record = await make(posted)
        assert record.missing == 0
        there = await empty_place()
        await restore(there)
        wanted = await query(there, "select key, widths, fallback, animated from pictures")
        assert set(await pictures(there)) == {place for row in wanted for place in images.places(row)}
    running = False
    await asyncio.gather(*working)
    assert swept > 0, "while no backup runs, the sweep goes on"
    await database.disconnect()


async def test_a_picture_that_the_store_has_lost_is_told_and_the_rest_is_saved(posted, empty_place):
    lost, damaged, whole = sorted({name.split("/")[1] for name in await pictures(posted)})
    storage = Storage(posted.storage_url)
    await storage.delete([next(name for name in await pictures(posted) if lost in name)])
    await storage.put(next(name for name in await pictures(posted) if damaged in name), b"rotten")
    record = await make(posted)
    assert record.missing == 2
    assert [row["missing"] for row in await query(posted, "select missing from backups")] == [2]
    there = await empty_place()
    assert (await restore(there)).missing == sorted([lost, damaged])
    assert {name.split("/")[1] for name in await pictures(there)} == {whole}


async def test_there_is_one_backup_at_a_time(posted):
    database = Database(posted.database_url)
    await database.connect()
    async with database.transaction() as connection:
        assert await connection.fetchval((SQL / "backups/lock.sql").read_text())
        with pytest.raises(Unavailable, match="running already"):
            await make(posted)
    await make(posted)
    problems = [row["problem"] for row in await query(posted, "select problem from backups order by id")]
    assert problems == [BUSY, None]
    await database.disconnect()


async def test_nothing_is_restored_over_a_board(posted, empty_place):
    await backed_up(posted)
    before = await tables(posted), await pictures(posted)
    await query(posted, "update threads set title = 'Another'")
    with pytest.raises(RestoreError, match=r"is not empty.* DATABASE_URL"):
        await restore(posted)
    there = dataclasses.replace(await empty_place(), storage_url=posted.storage_url)
    await Storage(there.storage_url).put(f"ab/{'ab' * 16}/160.webp", b"a picture of somebody")
    with pytest.raises(RestoreError, match=r"not of backup .*ab/abab.* STORAGE_URL"):
        await restore(there)
    assert (await query(there, "select count(*) from pg_class where relname = 'threads'"))[0][0] == 0
    assert set(await tables(posted)) == set(before[0])
    assert len(await pictures(posted)) == len(before[1]) + 1


async def test_a_restore_that_broke_off_is_taken_up_again(posted, empty_place, monkeypatch):
    await backed_up(posted)
    there = await empty_place()
    for broken in ("load", "compare", "migrate", "analyze"):

        async def fail(*_: object) -> None:
            raise RestoreError("The power went.")

        with monkeypatch.context() as patch:
            patch.setattr(restoring, broken, fail)
            with pytest.raises(RestoreError, match="power"):
                await restore(there)
    await restore(there)
    assert (await tables(there), await pictures(there)) == (await tables(posted), await pictures(posted))


async def test_a_backup_of_an_older_release_is_brought_up_to_date(posted, empty_place, monkeypatch):
    *_, last = sorted(path.stem for path in (SQL / "migrations").glob("*.sql"))
    await query(posted, "delete from migrations where name = $1", last)
    await backed_up(posted)
    there, done = await empty_place(), []

    async def migrate(database: Database) -> None:
        done.extend(await pending(database))
        async with database.connection() as connection:
            await connection.execute("insert into migrations (name, checksum) values ($1, 'later')", last)

    monkeypatch.setattr(restoring, "migrate", migrate)
    await restore(there)
    assert done == [last]


async def test_a_backup_of_a_newer_release_is_refused(posted, empty_place):
    await query(posted, "insert into migrations (name, checksum) values ('9999_flying', 'x')")
    await backed_up(posted)
    there = await empty_place()
    with pytest.raises(RestoreError, match=r"newer than this one \(it has 9999_flying\)"):
        await restore(there)
    assert await untouched(there)


async def test_restore_knows_the_backups_by_name(posted, empty_place):
    there = await empty_place()
    with pytest.raises(VaultError, match="no backup yet"):
        await restore(there)
    first = await backed_up(posted)
    await query(posted, "update threads set title = 'Later'")
    second = await backed_up(posted)
    with pytest.raises(VaultError, match=f"There are: {second}, {first}"):
        await restore(there, "2020-01-01T000000Z")
    await restore(there, first)
    assert [row["title"] for row in await query(there, "select title from threads")] == ["A thread"]


def test_the_settings_of_backups_are_checked():
    for keep in ("", "7", "d", "7d 4x", "7d;"):
        with pytest.raises(ConfigError, match="BACKUP_KEEP"):
            Config(backup_keep=keep).checked()
    Config(backup_keep="30d").checked()
    for key in ("age1abc", "AGE-SECRET-KEY-1X", "hunter2", f"{PUBLIC} {PUBLIC}"):
        with pytest.raises(ConfigError, match="no key: `board backup --new-key` makes a pair") as refused:
            Key(key)
        assert key not in str(refused.value)
