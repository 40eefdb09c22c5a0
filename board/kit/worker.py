"""Does what waits in the queue: takes jobs under a lease, a few of a kind at a time, and tries again what fails.

A job is done at least once. The lease is renewed while its process lives; when that dies, another takes the job up. No
transaction and no session outlives a statement, so that PgBouncer may stand in between.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from board.kit.config import Config
from board.kit.db import Database, Query, Row, many, one, value
from board.kit.errors import Problem, Unavailable
from board.kit.storage import Storage

log = logging.getLogger("board.jobs")

_schedule = many("jobs/schedule")
_take = many("jobs/take")
_take_periodic = one("jobs/take_periodic")
_hold = value("jobs/hold")
_finish = value("jobs/finish")
_fail = one("jobs/fail")
_give_back = value("jobs/give_back")

# The job of a process that was killed is taken up after so many seconds; renewed three times as often.
LEASE_SECONDS = 30.0
# An idle process asks once a second: 60 statements a minute, 0.1 ms each. LISTEN would ask less, and needs a session.
POLL_SECONDS = 1.0
# At the end, what runs has so long to finish before it is given back.
GRACE_SECONDS = 5.0

_LONGEST_ERROR = 1000
_LOST = "It was dropped, or another process has it by now."


@dataclass(frozen=True, slots=True)
class Site:
    """What a job works on."""

    config: Config
    database: Database
    storage: Storage


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of job means, and how patient we are with it.

    `work` may come twice for one job, and must not block the event loop for longer than a lease.
    """

    work: Callable[[Site, dict[str, Any]], Awaitable[Any]]
    timeout: float = 60  # seconds
    attempts: int = 8  # then it is dead; the last one comes five to ten minutes after the first
    concurrency: int = 2  # at the same time in one process


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that comes round every so many seconds, in one process at a time; returns how much it did."""

    work: Callable[[Site], Awaitable[int]]
    every: float
    timeout: float = 600

    @property
    def name(self) -> str:
        return self.work.__name__

    async def do(self, site: Site, _: dict[str, Any]) -> int:
        """As a job does."""
        return await self.work(site)


class Worker:
    """Works off the queue in this process. What it does not know, a newer release's kinds say, it leaves alone."""

    def __init__(
        self, site: Site, kinds: Mapping[str, Kind], periodic: Iterable[Periodic], *, lease: float = LEASE_SECONDS
    ) -> None:
        self._site, self._lease = site, lease
        self._periodic = {each.name: each for each in periodic}
        self._kinds = {name: Kind(each.do, each.timeout, concurrency=1) for name, each in self._periodic.items()}
        self._kinds |= kinds
        self._running: dict[asyncio.Task[None], str] = {}
        self._wake = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Work in the background until stop()."""
        self._task = asyncio.create_task(self.run())

    async def stop(self) -> None:
        """Take no more; wait a little for what runs, and give back what does not end."""
        self._stopping = True
        self._wake.set()
        if self._task:
            await self._task

    async def run(self) -> None:
        """Work until stop(). Nothing but that ends it: what fails is logged and tried again."""
        scheduled = False
        try:
            while not self._stopping:
                self._wake.clear()
                try:
                    if not scheduled:
                        await self.schedule()
                        scheduled = True
                    await self._start_due()
                except Unavailable as error:
                    log.warning("the queue: %s", error)
                except Exception:
                    log.exception("the queue could not be read")
                await self._rest()
        finally:
            await self._wind_down()

    async def schedule(self) -> None:
        """See that periodic work has its rows."""
        async with self._site.database.connection() as connection:
            seconds = [float(each.every) for each in self._periodic.values()]
            await _schedule(connection, kinds=list(self._periodic), seconds=seconds)

    async def drain(self, *, now: bool = False) -> AsyncIterator[tuple[str, Any]]:
        """Do what is due, one after the other; yield the kind of each, and what it returned or its exception.

        With `now`, also periodic work that is not due yet.
        """
        await self.schedule()
        for name in self._kinds:
            while job := await self._next(name, now=now):
                try:
                    yield name, await self._do(job)
                except Exception as error:
                    yield name, error
                if name in self._periodic:
                    break

    async def do_now(self, name: str) -> Any:
        """Do periodic work, due or not; return how much it did, None if a process is at it. Raises what it raises."""
        job = await self._next(name, now=True)
        return None if job is None else await self._do(job)

    async def _next(self, name: str, *, now: bool) -> Row | None:
        if not (now and name in self._periodic):
            return next(iter(await self._take({name: 1})), None)
        async with self._site.database.connection() as connection:
            every = float(self._periodic[name].every)
            return await _take_periodic(connection, kind=name, every=every, seconds=self._lease)

    async def _start_due(self) -> None:
        busy = list(self._running.values())
        free = {name: kind.concurrency - busy.count(name) for name, kind in self._kinds.items()}
        for job in await self._take({name: slots for name, slots in free.items() if slots > 0}):
            task = asyncio.create_task(self._attend(job))
            self._running[task] = job["kind"]
            task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        # There may be more of its kind.
        self._wake.set()

    async def _rest(self) -> None:
        # Not all replicas at once.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS * random.uniform(0.75, 1.25)):
                await self._wake.wait()

    async def _wind_down(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_SECONDS)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_SECONDS)

    async def _take(self, slots: dict[str, int]) -> list[Row]:
        async with self._site.database.connection() as connection:
            return await _take(connection, kinds=list(slots), slots=list(slots.values()), seconds=self._lease)

    async def _attend(self, job: Row) -> None:
        """Do a job, and log what became of it."""
        with contextlib.suppress(Exception):
            await self._do(job)

    async def _do(self, job: Row) -> Any:
        """Do a job that was taken, and write down what became of it. Raises what the job raises."""
        kind, lost = self._kinds[job["kind"]], asyncio.Event()
        try:
            async with asyncio.timeout(kind.timeout) as limit:
                holding = asyncio.create_task(self._hold(job, limit, lost))
                if job["died"]:
                    # It may be what killed its process: not again without a pause, nor for ever.
                    raise Problem("The process that worked on it died.")
                result = await kind.work(self._site, job["payload"])
        except asyncio.CancelledError:
            await self._write(_give_back, job)
            raise
        except Exception as error:
            sentence = _told(error)
            if limit.expired():
                sentence = _LOST if lost.is_set() else f"It took longer than {kind.timeout:g} seconds."
            _log_failure(job, sentence, error)
            await self._write(_fail, job, most=kind.attempts, error=sentence)
            raise
        finally:
            holding.cancel()
        if result:
            log.info("%s: %s", job["kind"], result)
        await self._write(_finish, job, result=result if isinstance(result, int) else None)
        return result

    async def _hold(self, job: Row, limit: asyncio.Timeout, lost: asyncio.Event) -> None:
        """Renew the lease while the job runs; end the job if it is not ours any more."""
        while not lost.is_set():
            await asyncio.sleep(self._lease / 3)
            with contextlib.suppress(Unavailable):
                async with self._site.database.connection() as connection:
                    if await _hold(connection, id=job["id"], lease=job["lease"], seconds=self._lease) is None:
                        lost.set()
        limit.reschedule(asyncio.get_running_loop().time())

    async def _write(self, query: Query, job: Row, **what: Any) -> None:
        try:
            async with self._site.database.connection() as connection:
                await query(connection, id=job["id"], lease=job["lease"], **what)
        except Unavailable as error:
            # Its lease ends by itself, and it is done again.
            log.warning("%s: what became of it could not be written down: %s", job["kind"], error)


def _told(error: Exception) -> str:
    text = error.sentence if isinstance(error, Problem) else f"{type(error).__name__}: {error}"
    return text.replace("\0", "")[:_LONGEST_ERROR]


def _log_failure(job: Row, sentence: str, error: Exception) -> None:
    if isinstance(error, Problem | TimeoutError):
        log.warning("%s: %s", job["kind"], sentence)
    else:
        log.error("%s failed", job["kind"], exc_info=error)
