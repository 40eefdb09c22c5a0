"""What became of each backup, drill and restore: a line in the log and a row for whoever watches."""

import dataclasses
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from board.kit.config import Config
from board.kit.db import Database, value
from board.kit.launch import connect

log = logging.getLogger("board.backups")

_create = value("backups/create")


@dataclass(slots=True)
class Record:
    """Filled while the work goes on. Sizes in bytes as stored; `missing` counts pictures that the store had lost."""

    kind: str
    name: str = ""
    bytes: int = 0
    new_bytes: int = 0
    missing: int = 0


@asynccontextmanager
async def connected(config: Config) -> AsyncIterator[Database]:
    """Connections of our own: the site's are for people."""
    database = Database.of(dataclasses.replace(config, database_pool=2))
    await connect(database, config.database_wait)
    try:
        yield database
    finally:
        await database.disconnect()


async def recorded(database: Database, record: Record, work: Callable[[], Awaitable[None]]) -> Record:
    """Do the work and remember how it ended, also if it was stopped."""
    started = time.monotonic()
    try:
        await work()
    except BaseException as error:
        problem = str(error) or "It was stopped before its end."
        log.error("%s %s failed: %s", record.kind, record.name, problem)
        await _remember(database, record, started, problem)
        raise
    await _remember(database, record, started, None)
    return record


async def _remember(database: Database, record: Record, started: float, problem: str | None) -> None:
    async with database.connection() as connection:
        await _create(
            connection,
            kind=record.kind,
            name=record.name,
            seconds=time.monotonic() - started,
            problem=problem and problem[:1000],
            bytes=record.bytes,
            new_bytes=record.new_bytes,
            missing=record.missing,
        )
