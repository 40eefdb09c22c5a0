"""Periodic work: what was deleted is really removed, what nobody uses is swept. One process at a time does each job."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from board import images, messages, threads
from board.kit.config import Config
from board.kit.db import Database, many, value
from board.kit.errors import Unavailable
from board.kit.storage import Storage

log = logging.getLogger("board.jobs")

_try_lock = value("jobs/try_lock")
_forget_sessions = many("sessions/delete_expired")

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Site:
    """What a job works on."""

    config: Config
    database: Database
    storage: Storage


Job = Callable[[Site], Coroutine[Any, Any, int]]


async def remove_deleted(site: Site) -> int:
    """After the time to undo: texts and votes of deleted messages and threads, and which pictures they had."""
    removed, minutes = 0, site.config.undo_minutes
    while True:
        async with site.database.transaction() as connection:
            rows = await messages.purge(connection, minutes=minutes, batch=_BATCH)
        removed += len(rows)
        if len(rows) < _BATCH:
            break
    async with site.database.transaction() as connection:
        removed += len(await threads.purge(connection, minutes=minutes))
    return removed


async def sweep_pictures(site: Site) -> int:
    """Pictures that no message has any more, or never had."""
    return await images.sweep(site.database, site.storage)


async def forget_sessions(site: Site) -> int:
    """Sessions that are over."""
    async with site.database.connection() as connection:
        return len(await _forget_sessions(connection))


# What, and every how many seconds.
JOBS: tuple[tuple[Job, float], ...] = (
    (remove_deleted, 30),
    (sweep_pictures, 60),
    (forget_sessions, 3600),
)


async def run_once(site: Site, job: Job) -> int:
    """Do a job now, unless another process is at it; return how much it did."""
    async with site.database.transaction() as connection:
        if not await _try_lock(connection, name=job.__name__):
            return 0
        # In a task of its own, since a task has one connection: else all of its work were part of this transaction.
        done = await asyncio.create_task(job(site))
    if done:
        log.info("%s: %d", job.__name__, done)
    return done


async def run_for_ever(site: Site) -> None:
    """Do each job in its time, until cancelled; one that fails is logged and tried again."""
    await asyncio.gather(*(_repeat(site, job, every) for job, every in JOBS))


async def _repeat(site: Site, job: Job, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await run_once(site, job)
        except Unavailable as error:
            log.warning("%s: %s", job.__name__, error)
        except Exception:
            log.exception("%s failed", job.__name__)
