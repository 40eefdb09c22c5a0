"""A site with a database of its own, and workers that do not wait, here and in a process of their own."""

import asyncio
import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from board.kit import queue, worker
from board.kit.config import Config
from board.kit.db import Database
from board.kit.storage import Storage
from board.kit.worker import Kind, Site, Worker


@pytest.fixture
async def own_site(config, own_database, monkeypatch):
    """A database with several connections, and workers that do not wait."""
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.2)
    database = Database(own_database, pool=8)
    await database.connect()
    yield Site(dataclasses.replace(config, database_url=own_database), database, Storage(config.pictures_url))
    await database.disconnect()


@contextlib.asynccontextmanager
async def at_work(*workers: Worker):
    """Meanwhile they work."""
    for each in workers:
        each.start()
    try:
        async with asyncio.timeout(30):
            yield
    finally:
        for each in workers:
            await each.stop()


async def leave(site: Site, *jobs: dict[str, Any], kind: str = "tell", **options) -> int:
    async with site.database.transaction() as connection:
        for payload in jobs or ({},):
            last = await queue.enqueue(connection, kind, payload, **options)
    return last


async def rows(site: Site, sql: str = "select * from jobs order by id", *arguments: Any) -> list[Any]:
    async with site.database.connection() as connection:
        return await connection.fetch(sql, *arguments)


async def until(condition) -> None:
    async with asyncio.timeout(30):
        while not await condition():
            await asyncio.sleep(0.01)


def empty(site: Site):
    async def look() -> bool:
        return not await rows(site)

    return look


async def main(url: str, folder: str, lease: str) -> None:
    """A process that tells in a table what it did, and begins naps that never end, until SIGTERM."""
    worker.POLL_SECONDS, worker.GRACE_SECONDS = 0.02, 0.2

    async def tell(site: Site, payload: dict[str, Any]) -> None:
        async with site.database.connection() as connection:
            await connection.execute("insert into told (id, pid) values ($1, $2)", payload["id"], os.getpid())
        # Long enough for the other process to come by.
        await asyncio.sleep(0.02)

    async def nap(site: Site, payload: dict[str, Any]) -> None:
        await tell(site, payload)
        await asyncio.Event().wait()

    database = Database(url, pool=4)
    await database.connect()
    site = Site(Config(data_dir=Path(folder)), database, Storage(Path(folder).as_uri()))
    process = Worker(site, {"tell": Kind(tell), "nap": Kind(nap)}, [], lease=float(lease))
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    process.start()
    await ended.wait()
    await process.stop()
    await database.disconnect()


@contextlib.contextmanager
def process(site: Site, lease: float = 30):
    """A worker in a process of its own."""
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, __file__, site.config.database_url, str(site.config.data_dir), str(lease)]
    running = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(root)}, cwd=root)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
