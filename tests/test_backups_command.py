"""`board backup`, `restore` and `drill`: what they print, what they tell nobody, and how much they take."""

import asyncio
import dataclasses
import io
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit

import pyrage
import pytest
import zstandard

from board.backups.make import make
from board.backups.place import Place
from board.backups.restore import beside
from board.kit import embedded
from board.kit.programs import ProgramError
from tests.saved import PUBLIC, SECRET, TEXT, backed_up, environment, files, pictures, query, tables
from tests.test_command import ROOT, board

PASSWORD = "pass/word@home"


async def command(config, *arguments: str, **more: str):
    return await asyncio.to_thread(board, *arguments, settings=environment(config) | more)


async def test_a_board_is_saved_tried_and_restored_by_three_commands(posted, empty_place):
    assert (await command(posted, "backup", "--list")).stdout == "There is no backup yet.\n"
    made = await command(posted, "backup")
    name, size, new = re.fullmatch(r"Backup (\S+): ([\d,]+) bytes, of which ([\d,]+) are new\.\n", made.stdout).groups()
    assert size == new
    listed = (await command(posted, "backup", "--list", BACKUP_KEY=PUBLIC)).stdout
    assert re.fullmatch(rf"{name}  Board \S+: [\d,]+ rows, 3 pictures, {size} bytes, encrypted\n", listed)
    drilled = await command(posted, "drill")
    assert (drilled.returncode, drilled.stdout.splitlines()[-1]) == (
        0,
        "The drill passed: this backup can be restored.",
    )
    there = await empty_place()
    restored = await command(there, "restore", name)
    assert restored.stdout.startswith(f"Restored backup {name}: "), restored.stderr
    assert (await tables(there), await pictures(there)) == (await tables(posted), await pictures(posted))
    again = await command(posted, "restore")
    assert again.returncode == 1
    assert again.stderr.splitlines()[-1].startswith("board: The database board_")


async def test_a_backup_is_restored_into_a_database_beside(posted, empty_place):
    """As on a server whose own database is in use."""
    await backed_up(posted)
    there = dataclasses.replace(await empty_place(), database_url=posted.database_url)
    name = f"board_beside_{os.getpid()}"
    try:
        done = await command(there, "restore", "--into", name)
        assert done.returncode == 0, done.stderr
        assert f"database {name} is not empty" in (await command(there, "restore", "--into", name)).stderr
        restored = beside(posted, name)
        assert (await tables(restored), await pictures(there)) == (await tables(posted), await pictures(posted))
    finally:
        await query(posted, f"drop database {name} with (force)")


async def test_a_failed_drill_says_how_far_it_came(posted):
    await backed_up(posted)
    await query(posted, "drop index messages_by_thread")
    drilled = await command(posted, "drill")
    assert drilled.returncode == 1
    assert [line.split(" ")[0] for line in drilled.stdout.splitlines()] == ["Backup", "Database:"]
    assert "board: The restored schema differs" in drilled.stderr


def test_a_new_key_is_a_pair():
    public, secret = re.fullmatch(
        r"# public key: (age1\w+)\n(AGE-SECRET-KEY-1\w+)\n", board("backup", "--new-key").stdout
    ).groups()
    assert str(pyrage.x25519.Identity.from_str(secret).to_public()) == public
    assert secret not in board("backup", "--new-key").stdout


def spy(folder: Path, program: str, *lines: str) -> None:
    """A program for PG_BIN that notes what it was told, then does these lines, or what the real one does."""
    real = embedded.find_binaries(program) / program
    script = [
        "#!/bin/sh",
        f'tr "\\0" "\\n" </proc/$$/cmdline >>{folder}/arguments',
        f"env >>{folder}/environment",
        *(lines or [f'exec {real} "$@"']),
    ]
    folder.mkdir(exist_ok=True)
    (folder / program).write_text("\n".join(script))
    (folder / program).chmod(0o755)


async def test_no_password_and_no_key_is_told_to_anybody(posted, tmp_path, empty_place):
    spy(tmp_path / "spy", "pg_dump")
    spy(tmp_path / "spy", "pg_restore")

    def with_password(config):
        parts = urlsplit(config.database_url)
        user, _, host = parts.netloc.rpartition("@")
        netloc = f"{user.partition(':')[0]}:pass%2Fword%40home@{host}"
        return dataclasses.replace(config, database_url=parts._replace(netloc=netloc).geturl())

    secrets = {"PG_BIN": str(tmp_path / "spy"), "SECRET_KEYS": "k" * 40}
    there = with_password(await empty_place())
    done = [
        await command(with_password(posted), "backup", **secrets),
        await command(there, "restore", **secrets),
    ]
    assert [each.returncode for each in done] == [0, 0], done[-1].stderr
    said = "".join(each.stdout + each.stderr for each in done) + (tmp_path / "spy" / "arguments").read_text()
    assert "--dbname=postgresql://" in said
    for word in (PASSWORD, "pass%2Fword", SECRET, "k" * 40):
        assert word not in said
    told = (tmp_path / "spy" / "environment").read_text()
    assert told.count(f"PGPASSWORD={PASSWORD}\n") >= 2
    assert not re.search("SECRET_KEYS|BACKUP_KEY|DATABASE_URL|AWS_", told)
    names = [*await files(posted), *(str(row) for row in await query(posted, "select * from backups"))]
    assert not [each for each in names if PASSWORD in each or SECRET in each]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["echo 'pg_dump (PostgreSQL) 17.2'"], r"pg_dump is of PostgreSQL 17, the server of \d\d: name the programs"),
        (["echo nonsense"], "pg_dump is of PostgreSQL 0"),
        (
            [
                'case "$*" in *--version*) echo "pg_dump (PostgreSQL) 99.1"; exit;; esac',
                *("head -c 20000000 /dev/zero", "echo 'pg_dump: error: the disk is gone' >&2", "exit 1"),
            ],
            "pg_dump: It failed: the disk is gone",
        ),
    ],
    ids=["old", "odd", "broken"],
)
async def test_a_pg_dump_that_can_not_do_it_makes_no_backup(posted, tmp_path, monkeypatch, lines, sentence):
    spy(tmp_path / "spy", "pg_dump", *lines)
    monkeypatch.setenv("PG_BIN", str(tmp_path / "spy"))
    with pytest.raises(ProgramError, match=sentence):
        await make(posted)
    assert await Place(posted).names() == []
    (row,) = await query(posted, "select problem from backups")
    assert re.search(sentence, row["problem"])


async def test_no_pg_dump_at_all_is_told(posted, tmp_path, monkeypatch):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramError, match=r"There is no pg_dump here: pip install .* PG_BIN"):
        await make(posted)


async def test_a_backup_opens_without_board(posted):
    """As k8s/backups.md says: age, zstd, tar and pg_restore are enough."""
    await backed_up(posted)
    storage, identity = Place(posted).vault.storage, pyrage.x25519.Identity.from_str(SECRET)
    (dump,) = [name for name in await files(posted) if "/database." in name]
    opened = zstandard.decompress(pyrage.decrypt(await storage.get(dump), [identity]))
    assert opened.startswith(b"PGDMP")
    assert TEXT.encode() in opened
    found = {}
    for name in await files(posted, "pictures"):
        with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(await storage.get(name), [identity]))) as tar:
            found |= {each.name: tar.extractfile(each).read() for each in tar}
    assert found.keys() == (await pictures(posted)).keys()


def most_memory(config, *arguments: str) -> int:
    """The most bytes that a command, or a program that it ran, had in memory at once."""
    # By a small process between, since a child counts what its parent had when it was born.
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", script, sys.executable, "-m", "board", *arguments]
    done = subprocess.run(command, env=environment(config), cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return int(done.stdout) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory otherwise")
async def test_a_large_board_takes_no_more_memory_than_a_small_one(posted, empty_place):
    small = [most_memory(posted, "backup"), most_memory(await empty_place(), "restore")]
    await query(
        posted,
        "insert into revisions (message_id, revision, html, written_at) "
        "select 1, n, (select string_agg(md5(n::text || m), '') from generate_series(1, 3000) m), now() "
        "from generate_series(1, 1000) n",
    )
    large = [most_memory(posted, "backup"), most_memory(await empty_place(), "restore")]
    dump = (await Place(posted).open("latest")).dump_bytes
    assert dump > 96_000_000
    for before, after in zip(small, large, strict=True):
        assert after - before < 60_000_000, (small, large)
