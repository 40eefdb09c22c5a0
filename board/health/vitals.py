"""How the parts do, each answer remembered for a while: looking must not be what wears the board down."""

import asyncio
import logging
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

from board import mail
from board.kit import logs, queue
from board.kit.config import Config
from board.kit.db import Database, Row, many, one
from board.kit.errors import Problem, Unavailable
from board.kit.migrate import pending
from board.kit.remember import Remembered
from board.kit.storage import Storage

log = logging.getLogger("board.health")

_get_database = one("health/get_database")
_list_backups = many("health/list_backups")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database knows."""

    database: Row
    queue: queue.Summary
    backups: dict[str, Row]  # the last run by kind
    mail: Row  # how much waits, failed or is only shown


@dataclass(frozen=True, slots=True)
class Space:
    """Of a file system, in bytes."""

    free: int
    total: int


class Vitals:
    """Whether the database is ready, what it knows, and whether the storage keeps what it is given."""

    def __init__(self, database: Database, storage: Storage, config: Config) -> None:
        self._database, self._storage = database, storage
        self._folders = _folders(config)
        self.lacks = Remembered(self._find_lack, seconds=1, patience=2)
        self.facts = Remembered(self._find_facts, seconds=10, patience=2)
        self.storage_trouble = Remembered(self._try_storage, seconds=60, patience=3)

    async def close(self) -> None:
        """Ask no more."""
        for each in (self.lacks, self.facts, self.storage_trouble):
            await each.close()

    async def space(self) -> dict[str, Space]:
        """Of each place that files are written to; two on one file system are one place."""
        return await asyncio.to_thread(_space, self._folders)

    async def _find_lack(self) -> str:
        """A sentence about what the database lacks, empty if nothing."""
        try:
            missing = await pending(self._database)
        except (Problem, asyncpg.PostgresError) as error:
            log.warning("the database: %s after %s", type(error).__name__, logs.described(error.__cause__))
            return "The database does not answer, or refuses to: look whether it runs; the log says more."
        return f"The database lacks {', '.join(missing)}: run `board migrate`." if missing else ""

    async def _find_facts(self) -> Facts | None:
        try:
            async with self._database.connection() as connection:
                return Facts(
                    database=await _get_database(connection),
                    queue=await queue.summary(connection),
                    backups={row["kind"]: row for row in await _list_backups(connection)},
                    mail=await mail.count(connection),
                )
        except (Problem, asyncpg.PostgresError) as error:
            log.warning("the database: %s after %s", type(error).__name__, logs.described(error.__cause__))
            return None

    async def _try_storage(self) -> str:
        """Write a file, read it, remove it: a sentence about what went wrong, empty if nothing."""
        # A name that no picture has: those have 32 digits.
        name, data = f"00/{secrets.token_hex(8)}/1.webp", secrets.token_bytes(32)
        try:
            await self._storage.put(name, data)
            kept = await self._storage.get(name)
            await self._storage.delete([name])
        except Unavailable as error:
            log.error("the picture store: %s", logs.described(error.__cause__))
            return "A file could not be written, read and removed: the log says why."
        return "" if kept == data else "A file that was written came back otherwise."


def _folders(config: Config) -> dict[str, Path]:
    folders = {"data": config.data_dir.absolute()}
    for name, url in (("pictures", config.pictures_url), ("backups", config.backups_url)):
        if url.startswith("file://"):
            folders[name] = Path(unquote(urlsplit(url).path))
    return folders


def _space(folders: dict[str, Path]) -> dict[str, Space]:
    found: dict[int, tuple[str, Space]] = {}
    for name, folder in folders.items():
        while not folder.exists():
            folder = folder.parent
        usage = shutil.disk_usage(folder)
        found.setdefault(folder.stat().st_dev, (name, Space(usage.free, usage.total)))
    return dict(found.values())
