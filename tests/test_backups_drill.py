"""The drill proves that the last backup can be restored, beside the running board, and leaves nothing of it behind."""

import asyncio
import dataclasses
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from board.backups import drill as drilling
from board.backups.drill import drill
from board.backups.restore import RestoreError
from board.kit.vault import VaultError
from tests.saved import backed_up, environment, files, pictures, query, tables, until
from tests.test_command import ROOT, board

DONE = "The drill passed: this backup can be restored."
DATABASES = "select datname from pg_database order by 1"


async def test_a_good_backup_passes_and_nothing_stays_behind(posted):
    name = await backed_up(posted)
    before = await tables(posted), await pictures(posted), await query(posted, DATABASES), await files(posted)
    report: list[str] = []
    await drill(posted, report=report)
    assert len(report) == 4
    assert report[0].startswith(f"Backup {name}: Board ")
    assert "all as they were saved" in report[1]
    assert "the same as those of the running board" in report[2]
    assert report[3] == "Pictures: 3 compared with their hashes, 3 of them decoded."
    after = await tables(posted), await pictures(posted), await query(posted, DATABASES), await files(posted)
    assert after == before
    (row,) = await query(posted, "select * from backups where kind = 'drill'")
    assert (row["name"], row["problem"]) == (name, None)
    assert row["finished_at"] > row["started_at"]


async def test_a_drill_notices_a_table_that_is_not_what_was_saved(posted, monkeypatch):
    await backed_up(posted)

    async def load(_program, url, *_):
        """A restore that leaves a word out."""
        await real(_program, url, *_)
        await query(dataclasses.replace(posted, database_url=url), "update messages set text = '' where id = 1")
        await query(dataclasses.replace(posted, database_url=url), "delete from votes")

    real = drilling.load
    monkeypatch.setattr(drilling, "load", load)
    sentence = r"Table messages has \d rows, but not all hold what they should. Table votes has 0 rows instead of \d."
    with pytest.raises(RestoreError, match=sentence):
        await drill(posted, report=[])


async def test_a_drill_notices_a_schema_that_is_not_the_running_one(posted):
    await backed_up(posted)
    await query(posted, "drop index messages_by_thread")
    with pytest.raises(RestoreError, match=r"differs from the running one in 1 lines, such as: .*messages_by_thread"):
        await drill(posted, report=[])


async def test_a_drill_looks_at_the_pictures_themselves(posted, monkeypatch):
    """A file that was no picture when it was saved has the right hash, and shows nothing."""
    await backed_up(posted)
    opened = drilling.open_bundle

    async def other(*arguments):
        return {name: b"RIFF\0\0\0\0WEBP" + data[12:] for name, data in (await opened(*arguments)).items()}

    monkeypatch.setattr(drilling, "open_bundle", other)
    with pytest.raises(VaultError, match=r"Picture [0-9a-f]{32} (is damaged|needs)"):
        await drill(posted, report=[])


async def test_there_is_nothing_to_drill_without_a_backup(posted):
    with pytest.raises(VaultError, match="no backup yet"):
        await drill(posted, report=[])


@pytest.fixture
def open_folder():
    """A folder that a server which is not root reaches: pytest closes its own ones at each start, everybody's."""
    folder = Path(tempfile.mkdtemp(prefix="board-drills-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


async def test_a_role_that_may_not_make_a_database_gets_a_server_of_its_own(posted, open_folder):
    await backed_up(posted)
    name, password = f"limited_{os.getpid()}", "a password with / and @"
    for grant in (
        f"create role {name} login password '{password}'",
        f"grant all on all tables in schema public to {name}",
        f"grant all on all sequences in schema public to {name}",
    ):
        await query(posted, grant)
    parts = urlsplit(posted.database_url)
    host = parts.netloc.rpartition("@")[2]
    url = parts._replace(netloc=f"{name}:{quote(password, safe='')}@{host}").geturl()
    settings = environment(dataclasses.replace(posted, database_url=url)) | {"TMPDIR": str(open_folder)}
    try:
        done = await asyncio.to_thread(board, "drill", settings=settings)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, DONE), done.stderr
        assert await tables(posted)
        assert not [path.name for path in open_folder.iterdir() if path.name.startswith("board-drill")]
        nowhere = settings | {"PG_BIN": str(open_folder), "PATH": ""}
        refused = await asyncio.to_thread(board, "drill", settings=nowhere)
        assert refused.returncode == 1
        assert "this role may not make one: `alter role ... createdb`" in refused.stderr
    finally:
        await query(posted, f"drop owned by {name}")
        await query(posted, f"drop role {name}")


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT])
async def test_a_drill_that_is_stopped_removes_what_it_made(posted, signal_):
    await backed_up(posted)
    people = "select 'n' || g, 'n' || g, repeat('x', 200) from generate_series(1, 200000) g"
    await query(posted, f"insert into accounts (name, name_key, password_hash) {people}")
    await backed_up(posted)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "board", "drill", env=environment(posted), cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    scratch = "select from pg_database where datname like '%\\_drill'"
    await until(lambda: query(posted, scratch))
    process.send_signal(signal_)
    assert await process.wait() == 128 + signal_
    assert not await query(posted, scratch)
    (row,) = await query(posted, "select problem from backups where kind = 'drill'")
    assert row["problem"] == "It was stopped before its end."
