"""Which backups stay, and that nothing which looks like one is less than one."""

import asyncio
import dataclasses
import json
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from board.backups import make as making
from board.backups.keep import kept
from board.backups.make import make, make_if_due
from board.backups.place import Place, list_backups
from board.backups.restore import restore
from board.kit.errors import Unavailable
from board.kit.vault import VaultError
from tests.saved import backed_up, environment, files, pictures, query, until
from tests.test_command import ROOT

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def named(*hours: float) -> list[str]:
    """Backups that were made so many hours before noon of a Tuesday, the last of March."""
    return [(NOON - timedelta(hours=each)).strftime("%Y-%m-%dT%H%M%SZ") for each in hours]


def test_days_weeks_and_months_keep_their_newest():
    daily = named(*range(0, 24 * 400, 24))
    assert sorted(kept(daily, "7d 4w 6m"), reverse=True) == [
        *("2026-03-31T120000Z", "2026-03-30T120000Z", "2026-03-29T120000Z", "2026-03-28T120000Z"),
        *("2026-03-27T120000Z", "2026-03-26T120000Z", "2026-03-25T120000Z"),  # seven days
        *("2026-03-22T120000Z", "2026-03-15T120000Z"),  # the Sundays of two more weeks, and of one above
        *("2026-02-28T120000Z", "2026-01-31T120000Z", "2025-12-31T120000Z"),
        *("2025-11-30T120000Z", "2025-10-31T120000Z"),
    ]
    assert kept(daily, "2d") == set(daily[:2])
    assert kept(daily, "3m") == {"2026-03-31T120000Z", "2026-02-28T120000Z", "2026-01-31T120000Z"}


def test_the_newest_and_all_of_its_day_stay_whatever_the_setting():
    assert kept([], "7d") == set()
    hourly = named(*range(0, 48, 6))
    assert kept(hourly, "0d") == set(hourly[:4])
    assert kept(hourly, "2d") == {*hourly[:4], "2026-03-30T180000Z"}
    years_ago = named(0, 24 * 1000)
    assert kept(years_ago, "1d") == {years_ago[0]}
    assert kept(years_ago, "2d") == set(years_ago), "a pause is no reason to forget"


def moved(folder: Path, name: str, to: str) -> None:
    """As if a backup had been made then."""
    target = folder / "backups" / to
    (folder / "backups" / name).rename(target)
    file = target / "manifest.json"
    text = json.loads(file.read_text().replace(name, to))
    file.write_text(json.dumps(text))


@pytest.fixture
def folder(posted) -> Path:
    """Where the backups are, when it is a folder."""
    if not posted.backup_url.startswith("file:"):
        pytest.skip("looks into the folder")
    return Path(posted.backup_url.removeprefix("file://"))


async def test_what_is_not_kept_goes_with_the_pictures_that_only_it_named(posted, folder, busy_app):
    first = await backed_up(posted)
    assert len(await files(posted, "pictures")) == 3
    moved(folder, first, "2020-01-01T000000Z")
    await query(posted, "delete from message_pictures where position = 0")
    await query(posted, "delete from pictures where animated")
    config = dataclasses.replace(posted, backup_keep="2d")
    second = await backed_up(config)
    assert await Place(posted).names() == [second, "2020-01-01T000000Z"]
    assert len(await files(posted, "pictures")) == 3
    moved(folder, second, "2020-01-02T000000Z")
    third = await backed_up(config)
    assert await Place(posted).names() == [third, "2020-01-02T000000Z"]
    assert len(await files(posted, "pictures")) == 2
    assert not list(folder.rglob("*2020-01-01*"))


async def test_nothing_is_removed_before_the_new_one_is_proved(posted, folder, monkeypatch):
    moved(folder, await backed_up(posted), "2020-01-01T000000Z")
    before = await files(posted)
    put = Place(posted).vault.storage.put.__func__

    async def half(storage, name, data):
        await put(storage, name, data[: len(data) // 2] if "database" in name else data)

    monkeypatch.setattr("board.kit.storage.Storage.put", half)
    with pytest.raises(VaultError, match=r"database\.0001\S+ is cut off"):
        await backed_up(dataclasses.replace(posted, backup_keep="0d"))
    assert await Place(posted).names() == ["2020-01-01T000000Z"]
    assert set(await files(posted)) > set(before)
    monkeypatch.undo()
    name = await backed_up(dataclasses.replace(posted, backup_keep="0d"))
    assert await Place(posted).names() == [name]
    assert {each.split("/")[1] for each in await files(posted, "backups")} == {name}, "the half one is gone, too"


@pytest.mark.parametrize("when", ["database", "pictures/", "manifest"])
async def test_a_backup_that_is_killed_is_none_and_the_next_cleans_up(posted, empty_place, when):
    """Killed by SIGKILL in the middle of writing that file."""
    script = f"""
import asyncio, os, signal
from board.kit.storage import Storage
from board.__main__ import main
put = Storage.put
async def deadly(storage, name, data):
    if {when!r} in name:
        os.kill(os.getpid(), signal.SIGKILL)
    await put(storage, name, data)
Storage.put = deadly
main(["backup"])
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, env=environment(posted), cwd=ROOT)
    assert await process.wait() == -signal.SIGKILL
    assert await list_backups(posted) == []
    with pytest.raises(VaultError, match="no backup yet"):
        await restore(await empty_place())
    name = await backed_up(posted)
    assert {each.split("/")[1] for each in await files(posted, "backups")} == {name}
    assert len(await files(posted, "pictures")) == 3
    there = await empty_place()
    await restore(there)
    assert await pictures(there) == await pictures(posted)


async def test_a_backup_that_is_stopped_says_so(posted, monkeypatch):
    """And neither the lock nor pg_dump stays behind."""
    started = asyncio.Event()

    async def slow(*_: object) -> None:
        started.set()
        await asyncio.sleep(60)

    with monkeypatch.context() as patch:
        patch.setattr(making, "_copy", slow)
        working = asyncio.create_task(make(posted))
        await started.wait()
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    (row,) = await query(posted, "select problem from backups")
    assert row["problem"] == "It was stopped before its end."
    await backed_up(posted)


async def test_a_place_that_can_not_be_written_is_told(posted, folder):
    (folder.parent / "file").write_text("no folder")
    with pytest.raises(Unavailable, match=r"BACKUP_URL=file://\S+ can not be used"):
        await make(dataclasses.replace(posted, backup_url=(folder.parent / "file" / "x").as_uri()))
    with pytest.raises(Unavailable, match="BACKUP_URL=tape://"):
        await make(dataclasses.replace(posted, backup_url="tape://a/b"))
    await backed_up(posted)
    (folder / "incoming").rename(folder / "elsewhere")
    (folder / "incoming").write_text("no folder")
    with pytest.raises(VaultError, match="could not be stored"):
        await make(posted)
    assert len(await Place(posted).names()) == 1


async def test_the_lost_connection_of_the_lock_makes_no_backup(posted, monkeypatch):
    """Without the lock, pictures may have been swept away while they were copied."""
    copy = making._copy

    async def interrupted(*arguments):
        copied = await copy(*arguments)
        connection = await asyncpg.connect(posted.database_url)
        locks = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
        assert await connection.fetch(
            f"{locks} and database = (select oid from pg_database where datname = current_database())"
        )
        await connection.close()
        return copied

    monkeypatch.setattr(making, "_copy", interrupted)
    with pytest.raises(Exception, match="busy or restarting"):
        await make(posted)
    assert await Place(posted).names() == []
    await until(lambda: query(posted, "select from backups where problem is not null"))


async def test_the_server_makes_backups_if_it_is_told_to(posted):
    assert await make_if_due(posted) == 0
    hourly = dataclasses.replace(posted, backup_hours=2)
    assert [await make_if_due(hourly), await make_if_due(hourly)] == [1, 0]
    await query(posted, "update backups set finished_at = now() - interval '119 minutes'")
    assert await make_if_due(hourly) == 0
    await query(posted, "update backups set finished_at = now() - interval '121 minutes'")
    with pytest.raises(Unavailable):
        await make_if_due(dataclasses.replace(hourly, backup_url="tape://a/b"))
    for minutes, made in ((59, 0), (61, 1)):
        failed = "update backups set finished_at = $1 where problem is not null returning problem"
        (row,) = await query(posted, failed, datetime.now(UTC) - timedelta(minutes=minutes))
        assert row["problem"].startswith("BACKUP_URL=tape://a/b can not be used")
        assert await make_if_due(hourly) == made
