"""board jobs: do the work that is due once, or for ever, and look after what failed."""

import asyncio
import json
import signal
from collections import Counter
from typing import Any

from board import jobs
from board.jobs import page
from board.kit.errors import NotFound
from board.kit.templates import iso
from board.kit.worker import Site

_GONE = "There is no such job, or it is being worked on: see `board jobs list`."


async def once(site: Site, options: Any) -> None:
    """Do what is due. RuntimeError names what failed, after everything else was done."""
    done: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    async for kind, result in jobs.worker(site).drain(now=options.now):
        if isinstance(result, Exception):
            failed[kind] += 1
        else:
            # Of periodic work, how much it did; of other jobs, how many there were.
            done[kind] += result if isinstance(result, int) else 1
    for kind, count in done.items():
        print(f"{kind}: {count}")
    if not done and not failed:
        print("Nothing is due.")
    if failed:
        names = ", ".join(f"{kind} ({count})" if count > 1 else kind for kind, count in failed.items())
        raise RuntimeError(f"Failed: {names}. It is tried again later; `board jobs list` says why it failed.")


async def run(site: Site, _: Any) -> None:
    """Work until SIGTERM or Ctrl-C; what runs then finishes or is given back."""
    ended = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    worker = jobs.worker(site)
    worker.start()
    print("Doing the work beside the pages.", flush=True)
    await ended.wait()
    await worker.stop()


async def list(site: Site, _: Any) -> None:
    """What waits, runs and failed, a line each."""
    async with site.database.connection() as connection:
        rows = await page.list_jobs(connection, size=1000, may=True)
    for row in rows:
        print(_line(row))
    if not rows:
        print("There is no work.")


async def retry(site: Site, options: Any) -> None:
    """Raises NotFound."""
    async with site.database.connection() as connection:
        if await page.retry_job(connection, id=options.id, may=True) is None:
            raise NotFound(_GONE)


async def drop(site: Site, options: Any) -> None:
    """Raises NotFound."""
    async with site.database.connection() as connection:
        if await page.drop_job(connection, id=options.id, may=True) is None:
            raise NotFound(_GONE)


def _line(row: Any) -> str:
    words = [str(row["id"]), row["kind"], row["state"], json.dumps(row["payload"])]
    if row["every_seconds"]:
        words[3] = (
            f"every {row['every_seconds']:g} s, last {iso(row['finished_at']) if row['finished_at'] else 'never'}"
        )
    if row["state"] != "running":
        words.append(f"next {iso(row['run_at'])}" if row["dead_at"] is None else f"died {iso(row['dead_at'])}")
    return "  ".join([*words, *([row["error"]] if row["error"] else [])])
