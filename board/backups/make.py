"""Make a backup: a dump of one moment, and those of its pictures that no earlier backup has stored."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from board import __version__
from board.backups import bundles
from board.backups.contents import contents
from board.backups.keep import kept
from board.backups.manifest import Manifest
from board.backups.place import Place
from board.backups.record import Record, connected, log, recorded
from board.kit import programs
from board.kit.config import Config
from board.kit.db import Database, many, value
from board.kit.errors import Unavailable
from board.kit.storage import Storage
from board.kit.vault import PART, Part, VaultError, reason, together

_lock = value("backups/lock")
_hold_sweep = value("backups/hold_sweep")
_export_snapshot = value("backups/export_snapshot")
_is_due = value("backups/is_due")
_list_pictures = many("backups/list_pictures")
_list_migrations = many("backups/list_migrations")

BUSY = "A backup or a drill of this database is running already: wait for its end."
# What is not to outlive a crash is not to lie in a backup either: the salts of the traffic.
_DUMP = [
    *("--format=custom", "--compress=none", "--no-owner", "--no-privileges", "--no-tablespaces"),
    *("--no-publications", "--no-subscriptions", "--lock-wait-timeout=60s", "--no-unlogged-table-data"),
]
_LIST = 1_000_000  # bytes of a part of the list of pictures
_BATCH = 500


@dataclass(slots=True)
class _Copied:
    """The pictures of a backup: where they are listed, and what there is of them."""

    lists: list[Part] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    count: int = 0
    bytes: int = 0
    new_bytes: int = 0


async def make(config: Config) -> Record:
    """Make a backup, prove that it is stored, and only then remove what BACKUP_KEEP does not keep.

    Raises VaultError, ProgramError, Problem or ConfigError with a sentence.
    """
    record = Record("backup")
    async with connected(config) as database:
        return await recorded(database, record, lambda: _made(config, database, record))


async def make_if_due(config: Config) -> int:
    """Make a backup if BACKUP_HOURS are over since the last; one that failed is tried again after an hour. 1 or 0."""
    if not config.backup_hours:
        return 0
    async with connected(config) as database, database.connection() as connection:
        due = await _is_due(connection, hours=config.backup_hours)
    if due:
        await make(config)
    return int(due)


async def _made(config: Config, database: Database, record: Record) -> None:
    place = Place(config)
    # The lock is this transaction's own, so that it is safe behind a proxy, and goes when we die.
    async with database.transaction() as holder:
        if not await _lock(holder):
            raise Unavailable(BUSY)
        await _hold_sweep(holder)
        await place.remove_halves()
        record.name = await place.new_name()
        # In tasks of their own, since a task has one connection, and this one only holds the lock.
        backup = await asyncio.create_task(_stored(config, place, database, record))
        await holder.fetchval("select 1")  # still ours; else pictures may have been swept away meanwhile
        await place.finish(backup)
        old = set(await place.names()) - kept(await place.names(), config.backup_keep)
        await place.remove(sorted(old))
        unnamed = await place.remove_unnamed()
    record.bytes, record.missing = backup.size, len(backup.missing)
    log.info(
        "backup %s: %d rows, %d pictures, %d bytes, of which %d new; removed %d old backups and %d pictures",
        *(backup.name, backup.rows, backup.pictures, backup.size, record.new_bytes, len(old), unnamed),
    )
    if backup.missing:
        log.warning("the picture store has lost %d pictures: %s", len(backup.missing), ", ".join(backup.missing[:20]))


async def _stored(config: Config, place: Place, database: Database, record: Record) -> Manifest:
    """Store all parts of a backup, and tell of what it consists."""
    async with (
        database.connection() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        snapshot = await _export_snapshot(connection)
        server = connection.get_server_version().major
        parts, digest, size = await _dump(config, place, record.name, snapshot, server)
        copied = await _copy(config, place, record.name, connection)
        record.new_bytes = copied.new_bytes + sum(part.bytes for part in (*parts, *copied.lists))
        return Manifest(
            name=record.name,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            board=__version__,
            postgresql=server,
            migrations=[row["name"] for row in await _list_migrations(connection)],
            tables=await contents(connection),
            keys=place.key.names,
            dump_sha256=digest,
            dump_bytes=size,
            database=parts,
            lists=copied.lists,
            pictures=copied.count,
            picture_bytes=copied.bytes,
            missing=copied.missing,
        )


async def _dump(config: Config, place: Place, name: str, snapshot: str, server: int) -> tuple[list[Part], str, int]:
    """Store what pg_dump says, a part at a time; return the parts, and the SHA-256 and the size of the whole."""
    program = await programs.find("pg_dump", server)
    digest, size, parts = hashlib.sha256(), 0, list[Part]()
    try:
        async for chunk in programs.read(program, config.database_url, *_DUMP, f"--snapshot={snapshot}", size=PART):
            digest.update(chunk)
            size += len(chunk)
            parts.append(await place.vault.put(f"backups/{name}/database.{len(parts) + 1:04d}", chunk))
    except programs.ProgramError as error:
        raise programs.ProgramError(f"pg_dump: {error}") from error
    return parts, digest.hexdigest(), size


async def _copy(config: Config, place: Place, name: str, connection: Any) -> _Copied:
    """Store the pictures that the pool lacks, and the list of all."""
    copied, lines, storage = _Copied(), bytearray(), Storage(config.pictures_url)

    async def copy(pair: tuple[Any, Part | None]) -> tuple[Any, Part | None, bool]:
        row, part = pair
        return (row, part, False) if part else (row, await _put(place, storage, row), True)

    async def write_list() -> None:
        path = f"backups/{name}/pictures.{len(copied.lists) + 1:04d}"
        copied.lists.append(await place.vault.put(path, bytes(lines), secret=False))
        lines.clear()

    async for row, part, new in together(copy, _pictures(place, connection)):
        if part is None:
            # One that no message has may be on its way into the store just now.
            copied.missing += [row["key"]] if row["is_used"] else []
            continue
        copied.count += 1
        copied.bytes += part.bytes
        copied.new_bytes += part.bytes * new
        lines += f"{part.name} {part.bytes}\n".encode()
        if len(lines) > _LIST:
            await write_list()
    if lines:
        await write_list()
    return copied


async def _pictures(place: Place, connection: Any) -> AsyncIterator[tuple[Any, Part | None]]:
    """Every picture of the snapshot, by key, with what the pool has of it."""
    after, shard, pooled = "", "", dict[str, Part]()
    while rows := await _list_pictures(connection, after=after, batch=_BATCH):
        for row in rows:
            if row["key"][:2] != shard:
                shard = row["key"][:2]
                pooled = await place.pooled(shard)
            yield row, pooled.get(row["key"])
        after = rows[-1]["key"]


async def _put(place: Place, storage: Storage, row: Any) -> Part | None:
    """Store a picture in the pool; None if the picture store has lost it."""
    try:
        files = await bundles.fetch(storage, row)
    except Unavailable as error:
        raise VaultError(f"The picture store can not be read: {reason(error)}") from error
    if files is None:
        return None
    name = f"pictures/{place.key.circle}/{row['key'][:2]}/{row['key']}.%s.tar"
    return await place.vault.put(name, bundles.pack(files), compress=False)
