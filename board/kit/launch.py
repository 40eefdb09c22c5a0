"""What a command needs before there is a server: settings with a database, and a database that answers."""

import asyncio
import dataclasses
import logging
import os
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from board.kit import embedded
from board.kit.config import Config
from board.kit.db import Database
from board.kit.errors import Unavailable

T = TypeVar("T")
log = logging.getLogger("board.launch")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


@contextmanager
def with_database(config: Config, *, start: bool = False) -> Iterator[Config]:
    """The settings with a database: the given one, or the embedded one, which another `board run` may have started."""
    if config.database_url:
        yield config
        return
    # Meant for another server; asyncpg would look for ours at that port.
    os.environ.pop("PGPORT", None)
    url = "" if start else embedded.find(config.data_dir)
    if url:
        yield dataclasses.replace(config, database_url=url)
        return
    with embedded.start(config.data_dir) as server:
        yield dataclasses.replace(config, database_url=server.url)


def use(config: Config, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do something with the database before there is a server; wait for it first if it is still starting."""

    async def connected() -> T:
        database = Database.of(config)
        await connect(database, config.database_wait)
        try:
            return await work(database)
        finally:
            await database.disconnect()

    return asyncio.run(connected())


async def connect(database: Database, seconds: float) -> None:
    """Open the pool of a database that may still be starting. Raises Unavailable when it does not answer in time.

    The pauses double, with jitter, so that many replicas do not knock together.
    """
    end, pause = time.monotonic() + seconds, _FIRST_PAUSE
    while True:
        try:
            return await database.connect()
        except Unavailable as error:
            left = end - time.monotonic()
            if left <= 0:
                raise
            if pause == _FIRST_PAUSE:
                log.warning("%s Waiting up to %d seconds for it.", error, seconds)
            await asyncio.sleep(min(left, pause * random.uniform(0.5, 1.0)))
            pause = min(2 * pause, _LONGEST_PAUSE)
