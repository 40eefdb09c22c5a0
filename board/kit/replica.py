"""A streaming replica beside the database: strangers' pages are read from it while it answers and is not far behind.

Once a second the primary's position in its log is noted. The newest note that the replica has replayed tells since when
it may lack something; the replica's own clock would not do, since it stands still while nobody writes.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg

from board.kit.config import Config
from board.kit.db import Database, Pool, value
from board.kit.errors import NotFound, Unavailable
from board.kit.logs import described

T = TypeVar("T")
Work = Callable[[Any], Awaitable[T]]

log = logging.getLogger("board.replica")

LOOK_SECONDS = 1.0
PATIENCE = 2.0  # seconds that the replica may take to answer before the primary is asked

_get_position = value("replica/get_position")


class Replicated(Database):
    """A database and its replica. Whatever is wrong with the replica, a reader gets the page from the database."""

    def __init__(self, url: str, replica: str, *, most_lag: float, pool: int = 10, pooled: bool = False) -> None:
        super().__init__(url, pool=pool, pooled=pooled)
        self._replica = Database(replica, pool=pool, pooled=pooled, patience=PATIENCE)
        self._replica.watchers = self.watchers
        self._most_lag = most_lag
        self._notes: deque[tuple[float, int]] = deque(maxlen=3600)  # when, and the primary's position then
        self._whole_at = time.monotonic() - most_lag  # what was written before then, the replica has
        self._serves: bool | None = None  # not looked at yet

    @classmethod
    def of(cls, config: Config) -> "Replicated":
        """The database and the replica that the settings name."""
        return cls(
            config.database_url,
            config.read_database_url,
            most_lag=config.read_lag_seconds,
            pool=config.database_pool,
            pooled=config.database_pooler,
        )

    async def connect(self) -> None:
        """Open the pool, and begin to look after the replica, which may come later."""
        await super().connect()
        self._watcher = asyncio.create_task(self._watch())

    async def disconnect(self) -> None:
        """Close both pools."""
        self._watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watcher
        await self._replica.disconnect()
        await super().disconnect()

    def pools(self) -> dict[str, Pool]:
        """How its pools do, by name."""
        return {**super().pools(), "replica": self._replica.pool}

    async def read(self, work: Work[T], *, fresh: bool = True) -> T:
        """What `work(connection)` gives: by the replica if it need not be fresh, and once more if that fails."""
        if self._serves and not fresh:
            try:
                return await self._replica.read(work)
            except (NotFound, asyncpg.PostgresError):
                pass  # or not there yet: a thread whose address is passed on at once, a column of the new release
            except Unavailable as error:
                self._judge(f"does not answer ({described(error.__cause__ or error)})")
        return await super().read(work)

    async def _watch(self) -> None:
        while True:
            self._judge(await self._find_trouble())
            await asyncio.sleep(LOOK_SECONDS)

    async def _find_trouble(self) -> str:
        """What keeps the replica from being read; empty if nothing does."""
        noted = time.monotonic()
        # While the primary is away, the replica is as good as it was.
        with contextlib.suppress(Unavailable):
            self._notes.append((noted, await super().read(_get_position)))
        try:
            await self._replica.connect()
            position = await self._replica.read(_get_position)
        except (Unavailable, RuntimeError, asyncpg.PostgresError) as error:
            return f"does not answer ({described(error.__cause__ or error)})"
        if position is None:
            return "is no streaming replica"
        while self._notes and self._notes[0][1] <= position:
            self._whole_at = self._notes.popleft()[0]
        lag = time.monotonic() - self._whole_at if self._notes else 0.0
        return f"is {lag:.0f} s behind" if lag > self._most_lag else ""

    def _judge(self, trouble: str) -> None:
        if trouble and self._serves is not False:
            log.warning("The read replica %s: strangers' pages come from the primary.", trouble)
        elif not trouble and self._serves is False:
            log.info("The read replica serves again.")
        self._serves = not trouble
