"""board jobs: the work beside the pages without a server, and what a person decides about what failed."""

import asyncio
import os
import re
import signal
import subprocess
import sys

import asyncpg

from board import images, jobs
from board.kit.db import Database
from board.kit.storage import Storage
from tests.test_command import board, get, running, wait_until
from tests.test_jobs import picture


def query(url: str, sql: str, *arguments) -> list[tuple]:
    """What the database says."""

    async def ask() -> list[tuple]:
        connection = await asyncpg.connect(url)
        found = await connection.fetch(sql, *arguments)
        await connection.close()
        return [tuple(each) for each in found]

    return asyncio.run(ask())


def test_board_jobs_does_everything_once_and_tells_what(own_database, config):
    async def fill() -> None:
        database, storage = Database(own_database), Storage(config.pictures_url)
        await database.connect()
        for number in (1, 2):
            await images.keep(database, storage, picture(number))
        async with database.connection() as connection:
            await connection.execute("update pictures set touched_at = '-infinity'")
        await database.disconnect()

    asyncio.run(fill())
    settings = {**os.environ, "DATABASE_URL": own_database, "STORAGE_URL": config.storage_url}
    for swept in (2, 0):
        ended = subprocess.run(
            [sys.executable, "-m", "board", "jobs", "--now"],
            env=settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        # The first time there is a key to make.
        done = {jobs.sweep_pictures: swept, jobs.count_weeks: 1, jobs.renew_seals: int(swept > 0)}
        told = [f"{job.__name__}: {done.get(job, 0)}" for job, *_ in jobs.JOBS]
        assert ended.stdout.splitlines() == told + [f"check_picture: {swept}"] * (swept > 0)

    async def left() -> list[str]:
        return [name async for name in Storage(config.storage_url).list()]

    assert not asyncio.run(left())


def test_what_is_not_due_is_left_for_its_time(own_database, tmp_path):
    settings = {"DATABASE_URL": own_database, "DATA_DIR": str(tmp_path)}
    assert "remove_deleted: 0" in board("jobs", settings=settings).stdout
    assert board("jobs", settings=settings).stdout == "Nothing is due.\n"
    assert "remove_deleted: 0" in board("jobs", "--now", settings=settings).stdout


def test_what_fails_does_not_stop_the_rest_and_is_told_at_the_end(own_database, tmp_path):
    settings = {"DATABASE_URL": own_database, "DATA_DIR": str(tmp_path)}
    broken = "insert into jobs (kind, payload) values ('check_picture', $1)"
    for payload in ("{}", "{}", '{"key": "gone"}'):
        query(own_database, broken, payload)
    ended = board("jobs", settings=settings)
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[-2:] == [f"{jobs.JOBS[-1][0].__name__}: 0", "check_picture: 0"]
    said = "board: Failed: check_picture (2). It is tried again later; `board jobs list` says why it failed."
    assert ended.stderr.splitlines()[-1] == said
    assert "KeyError: 'key'" in board("jobs", "list", settings=settings).stdout


def test_what_failed_is_listed_and_retried_or_dropped(own_database, tmp_path):
    settings = {"DATABASE_URL": own_database, "DATA_DIR": str(tmp_path)}
    assert board("jobs", "list", settings=settings).stdout == "There is no work.\n"
    dead = "insert into jobs (kind, payload, attempts, error, dead_at) values ('tell', '{\"id\": 7}', 8, 'bad', now())"
    for _ in range(2):
        query(own_database, dead)
    query(own_database, "insert into jobs (kind, every) values ('sweep', '60 s')")
    lines = board("jobs", "list", settings=settings).stdout.splitlines()
    assert re.fullmatch(r'2  tell  dead  {"id": 7}  died \S+Z  bad', lines[0])
    assert re.fullmatch(r"3  sweep  periodic  every 60 s, last never  next \S+Z", lines[2])
    assert board("jobs", "retry", "1", settings=settings).returncode == 0
    assert board("jobs", "drop", "2", settings=settings).returncode == 0
    assert query(own_database, "select id, attempts, dead_at from jobs where kind = 'tell'") == [(1, 0, None)]
    for action in ("retry", "drop"):
        refused = board("jobs", action, "2", settings=settings)
        assert (refused.returncode, refused.stderr.partition(":")[0]) == (1, "board")
        assert "There is no such job" in refused.stderr


def done(url: str) -> bool:
    return query(url, "select count(*) > 2 from jobs where every is not null and finished_at is not null") == [(True,)]


def test_board_jobs_run_works_until_it_is_told_to_end(own_database, tmp_path):
    for ending in (signal.SIGTERM, signal.SIGINT):
        with running(tmp_path / "data", "board", "jobs", "run", DATABASE_URL=own_database) as (process, line):
            assert line == "Doing the work beside the pages."
            wait_until(lambda: done(own_database))
            process.send_signal(ending)
            assert process.wait(15) == 0
        assert query(own_database, "select count(*) from jobs where lease is not null") == [(0,)]
        query(own_database, "update jobs set finished_at = null, run_at = now()")


def test_a_server_does_the_work_too_unless_it_is_told_not_to(own_database, tmp_path):
    for setting in ("0", "1"):
        with running(tmp_path / "data", "board", "serve", DATABASE_URL=own_database, JOBS=setting) as (process, line):
            get(line.split()[-1])
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) == 0
        # Before it answers anybody it has begun to look.
        assert query(own_database, "select count(*) > 0 from jobs") == [(setting == "1",)]
