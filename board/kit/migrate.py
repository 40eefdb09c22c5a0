"""Bring a database to the schema of this release: forward only, each migration in a transaction of its own."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from board.kit.db import SQL, Database

# Any number will do, as long as it stays the same; it keeps two replicas from migrating at once.
_LOCK = 720_261_121

_TABLE = """
create table if not exists migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
)
"""


class MigrationError(Exception):
    """The database can not be migrated; the sentence says why."""


async def migrate(database: Database, folder: Path = SQL) -> list[str]:
    """Apply what is new in migrations/, then make the views anew if anything changed; return the names applied."""
    # A transaction holds the lock: behind a pooler, the end of a session's lock could reach another session.
    async with database.transaction() as holder:
        await holder.execute("set local idle_in_transaction_session_timeout = 0")
        # As long as the other replica's migration may take.
        await holder.execute("select pg_advisory_xact_lock($1)", _LOCK, timeout=3600)
        # In a task of its own, since a task has one connection.
        return await asyncio.create_task(_migrate(database, folder))


async def _migrate(database: Database, folder: Path) -> list[str]:
    async with database.connection() as connection:
        await connection.execute(_TABLE)
        done = dict(await connection.fetch("select name, checksum from migrations"))
        applied = [path.stem for path in _files(folder / "migrations") if await _apply(connection, path, done)]
        return applied + await _make_views(connection, _files(folder / "views"), done, anew=bool(applied))


async def pending(database: Database, folder: Path = SQL) -> list[str]:
    """The migrations of this release that the database lacks."""
    async with database.connection() as connection:
        if not await connection.fetchval("select to_regclass('migrations') is not null"):
            return [path.stem for path in _files(folder / "migrations")]
        done = {row["name"] for row in await connection.fetch("select name from migrations")}
    return [path.stem for path in _files(folder / "migrations") if path.stem not in done]


async def _apply(connection: Any, path: Path, done: dict[str, str]) -> bool:
    checksum = _checksum([path])
    if path.stem in done:
        if done[path.stem] != checksum:
            raise MigrationError(f"{path.name} was changed after it had been applied: write a new migration instead")
        return False
    async with connection.transaction():
        # Rather fail and be tried again than queue every reader behind us.
        await connection.execute("set local lock_timeout = '10s'")
        await connection.execute(path.read_text(), timeout=3600)
        await connection.execute("insert into migrations (name, checksum) values ($1, $2)", path.stem, checksum)
    return True


async def _make_views(connection: Any, files: list[Path], done: dict[str, str], *, anew: bool) -> list[str]:
    checksum = _checksum(files)
    if done.get("views") == checksum and not anew:
        return []
    async with connection.transaction():
        await connection.execute("set local lock_timeout = '10s'")
        for path in files:
            await connection.execute(f'drop view if exists "{path.stem}"')
        for path in files:
            await connection.execute(path.read_text())
        await connection.execute(
            "insert into migrations (name, checksum) values ('views', $1)"
            " on conflict (name) do update set checksum = excluded.checksum, applied_at = now()",
            checksum,
        )
    return ["views"]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sql"))


def _checksum(files: list[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
