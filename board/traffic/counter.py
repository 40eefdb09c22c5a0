"""Counts requests in memory, and adds what is new to the database every few seconds and at the end.

A batch that could not be added stays, with its number, and is sent again; the database takes each number once. So
nothing is lost while the database is away, and nothing counted twice when an answer is lost on the way.
"""

import asyncio
import contextlib
import hashlib
import logging
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from board.kit import clients, sketches
from board.kit.db import Database, many, value
from board.kit.errors import Unavailable
from board.kit.observe import Seen
from board.traffic.batch import ASKED, FROM, WITH, Batch

log = logging.getLogger("board.traffic")

_add = value("traffic/add")
_get_salts = many("traffic/get_salts")

OTHER = "(other)"
# Of what a stranger can invent, so many in an hour; the rest is counted as OTHER.
_MOST_KEYS = {"referrer": 200, "language": 60}

# Nobody's requests: a cluster asks for these day and night.
_PROBES = ("/health", "/metrics")
_THREAD = "/threads/{id:id}"
_ENDLESS = "text/event-stream"
_PAGE = "text/html"
# Beside the routes: all answers that are pages or parts of them.
PAGES = "*"
_STATUSES = ("none", "1xx", "2xx", "3xx", "4xx", "5xx")


class Counter:
    """An observer of requests: what `observe` counts, `flush` adds to the database."""

    def __init__(self, database: Database, *, seconds: float, origin: str) -> None:
        self._database = database
        self._seconds = seconds
        self._host = urlsplit(origin).hostname or ""
        self._process = uuid.uuid4()
        self._number = 0
        self._counting = Batch()
        self._sending: Batch | None = None
        self._hour = 0
        self._keys: dict[str, set[str]] = {name: set() for name in _MOST_KEYS}
        # By day: the salt, and what this process has told the database of its visitors.
        self._salts: dict[int, bytes] = {}
        self._ranks: dict[int, bytearray] = {}
        self._failing = False

    def observe(self, seen: Seen) -> None:
        """Count a request that is over: everything about it by itself, never who did what."""
        if seen.route.startswith(_PROBES):
            return
        hour = int(time.time()) // 3600
        if hour != self._hour:
            self._begin(hour)
        headers = dict(seen.scope["headers"])
        is_bot = clients.is_bot(headers)
        is_view = not is_bot and _is_view(seen, headers)
        kind = "bot" if is_bot else "member" if seen.scope.get("state", {}).get("viewer") else "person"
        batch = self._counting
        batch.count(ASKED, (hour, seen.route, _STATUSES[seen.status // 100], kind), is_view, seen.bytes)
        if seen.content_type != _ENDLESS:
            bucket = sketches.bucket(seen.seconds)
            batch.time(hour, seen.route, bucket)
            if seen.content_type == _PAGE:
                batch.time(hour, PAGES, bucket)
        if is_view and not clients.wants_privacy(headers):
            self._count_reader(hour, seen, headers)

    def _begin(self, hour: int) -> None:
        self._hour = hour
        for keys in self._keys.values():
            keys.clear()

    def _count_reader(self, hour: int, seen: Seen, headers: clients.Headers) -> None:
        batch, size = self._counting, seen.bytes
        language = self._known("language", clients.language(headers))
        batch.count(WITH, (hour, clients.device(headers), language), True, size)
        referrer = clients.referrer(headers, self._host)
        if referrer is not None:
            batch.count(FROM, (hour, self._known("referrer", referrer)), True, size)
        day = hour // 24
        if seen.route == _THREAD:
            batch.open_thread(day, seen.scope["path_params"]["id"])
        if salt := self._salts.get(day):
            self._count_visitor(day, salt, seen, headers)

    def _count_visitor(self, day: int, salt: bytes, seen: Seen, headers: clients.Headers) -> None:
        address, _ = seen.scope["client"] or ("", 0)
        told = clients.network(address).encode() + b"\0" + headers.get(b"user-agent", b"")
        hashed = hashlib.blake2b(told, key=salt, digest_size=8).digest()
        register, rank = sketches.register(int.from_bytes(hashed, "big"))
        if rank > self._ranks[day][register]:
            self._ranks[day][register] = rank
            self._counting.visit(day, register, rank)

    def _known(self, dimension: str, key: str) -> str:
        keys = self._keys[dimension]
        if key in keys:
            return key
        if len(keys) >= _MOST_KEYS[dimension]:
            return OTHER
        keys.add(key)
        return key

    async def flush(self) -> None:
        """Add what was counted to the database. Raises Unavailable, and then keeps it."""
        while self._sending or self._counting:
            if self._sending is None:
                self._sending, self._counting = self._counting, Batch()
                self._number += 1
            async with self._database.connection() as connection:
                await _add(connection, process=self._process, number=self._number, **self._sending.columns())
            self._sending = None
        await self._learn_salts()

    async def _learn_salts(self) -> None:
        """Know today's salt and, before midnight, tomorrow's; forget yesterday's."""
        today = int(time.time()) // 86_400
        if today in self._salts and today + 1 in self._salts:
            return
        async with self._database.connection() as connection:
            rows = await _get_salts(connection, today=datetime.fromtimestamp(today * 86_400, UTC).date())
        self._salts = {(row["day"] - date(1970, 1, 1)).days: row["salt"].bytes for row in rows}
        self._ranks = {day: self._ranks.get(day) or bytearray(sketches.REGISTERS) for day in self._salts}

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Meanwhile flush every few seconds, and once more at the end; never if nothing is to be counted."""
        if not self._seconds:
            yield
            return
        await self._try()
        task = asyncio.create_task(self._repeat())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await self._try()

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            await self._try()

    async def _try(self) -> None:
        try:
            await self.flush()
            self._failing = False
        except Exception as error:
            # Once for each time that the database is away, not every few seconds.
            if not self._failing:
                log.warning("the counts wait: %s", error, exc_info=None if isinstance(error, Unavailable) else error)
            self._failing = True


def _is_view(seen: Seen, headers: clients.Headers) -> bool:
    """Whether a page was looked at: not a part of one that htmx swaps in, not one loaded in advance, not a file."""
    return (
        seen.content_type == _PAGE
        and seen.status in (200, 304)
        and seen.scope["method"] == "GET"
        and b"hx-request" not in headers
        and not clients.is_prefetch(headers)
    )
