"""Prove the last backup: restore it beside the running board, compare, look at its pictures, remove all of it again."""

import asyncio
import dataclasses
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from board.backups.make import BUSY
from board.backups.manifest import Manifest
from board.backups.place import Place, key_of
from board.backups.record import Record, connected, recorded
from board.backups.restore import (
    MAKE_SECONDS,
    RestoreError,
    beside,
    compare,
    load,
    open_bundle,
    refuse_newer,
    server_version,
)
from board.kit import embedded, programs
from board.kit.config import Config
from board.kit.db import Database, many, one, value
from board.kit.errors import Unavailable
from board.kit.migrate import migrate, pending
from board.kit.pictures import PictureWorkers, Unreadable
from board.kit.vault import Part, VaultError, together

_lock = value("backups/lock")
_name_scratch = one("backups/name_scratch")
_list_schema = many("backups/list_schema")

SAMPLE = 20  # pictures that are decoded


async def drill(config: Config, name: str = "latest", *, report: list[str]) -> None:
    """Restore a backup beside, and add a line to the report for each thing that was found good.

    Raises VaultError, RestoreError, ProgramError, MigrationError or Problem with a sentence for the first that is not.
    """
    record = Record("drill")
    async with connected(config) as database:
        await recorded(database, record, lambda: _drilled(config, database, name, record, report))


async def _drilled(config: Config, database: Database, name: str, record: Record, report: list[str]) -> None:
    place = Place(config)
    # With the lock, no backup is removed while we read it, and the scratch database is ours.
    async with database.transaction() as holder:
        if not await _lock(holder):
            raise Unavailable(BUSY)
        backup = await place.open(name)
        record.name, record.bytes, record.missing = backup.name, backup.size, len(backup.missing)
        report.append(f"Backup {backup.name}: Board {backup.board}, {backup.size:,} bytes, its seal is good.")
        await asyncio.create_task(_restored_beside(config, database, place, backup, report))
        report.append(await _pictures(place, backup))


async def _restored_beside(
    config: Config, database: Database, place: Place, backup: Manifest, report: list[str]
) -> None:
    refuse_newer(backup)
    async with _scratch(config, database) as scratch, connected(scratch) as copy:
        program = await programs.find("pg_restore", await server_version(copy, backup))
        await load(program, scratch.database_url, place, backup)
        await compare(copy, backup)
        report.append(f"Database: {backup.rows:,} rows in {len(backup.tables)} tables, all as they were saved.")
        await migrate(copy)
        report.append(await _schema(database, copy))


@asynccontextmanager
async def _scratch(config: Config, database: Database) -> AsyncIterator[Config]:
    """The settings with an empty database: beside ours, or of a PostgreSQL of its own if our role may make none."""
    async with database.connection() as connection:
        names = await _name_scratch(connection)
        try:
            await connection.execute(names["remove"], timeout=MAKE_SECONDS)
            await connection.execute(names["make"], timeout=MAKE_SECONDS)
        except asyncpg.InsufficientPrivilegeError:
            names = None
    if names is None:
        with tempfile.TemporaryDirectory(prefix="board-drill-") as folder, _embedded(Path(folder)) as server:
            yield dataclasses.replace(config, database_url=server.url, database_pooler=False)
        return
    try:
        yield beside(config, names["name"])
    finally:
        async with database.connection() as connection:
            await connection.execute(names["remove"], timeout=MAKE_SECONDS)


def _embedded(folder: Path) -> embedded.Embedded:
    try:
        folder.chmod(0o711)  # so that its server passes, which is not root
        return embedded.start(folder / "data")
    except embedded.EmbeddedError as error:
        raise RestoreError(
            "A drill needs an empty database, and this role may not make one: `alter role ... createdb`, or give the "
            f"drill a PostgreSQL of its own. {error}"
        ) from error


async def _schema(database: Database, copy: Database) -> str:
    """Compare what the two databases are made of, if ours has this release's schema."""
    if await pending(database):
        return "Schema: this release's migrations apply to it; the running board does not have them yet."
    async with database.connection() as connection:
        ours = {row["line"] for row in await _list_schema(connection)}
    async with copy.connection() as connection:
        theirs = {row["line"] for row in await _list_schema(connection)}
    if ours != theirs:
        odd = sorted(ours ^ theirs)
        raise RestoreError(f"The restored schema differs from the running one in {len(odd)} lines, such as: {odd[0]}")
    return f"Schema: {len(ours)} columns, constraints, indexes and the like, the same as those of the running board."


async def _pictures(place: Place, backup: Manifest) -> str:
    """Compare every picture with its hash, and decode some of them."""
    sample, count = list[Part](), 0

    async def check(part: Part) -> Part:
        await place.vault.check(part)
        return part

    async for part in together(check, place.pictures(backup)):
        count += 1
        # Every picture has the same chance to be in the sample at the end.
        if len(sample) < SAMPLE:
            sample.append(part)
        elif (at := random.randrange(count)) < SAMPLE:
            sample[at] = part
    workers = PictureWorkers(1)
    try:
        for part in sample:
            await _decode(workers, place, part)
    finally:
        await workers.close()
    lost = f" The picture store had lost {len(backup.missing)} before." if backup.missing else ""
    return f"Pictures: {count:,} compared with their hashes, {len(sample)} of them decoded.{lost}"


async def _decode(workers: PictureWorkers, place: Place, part: Part) -> None:
    files = await open_bundle(place, part)
    try:
        await workers.develop(max(files.values(), key=len))
    except Unreadable as error:
        raise VaultError(f"Picture {key_of(part.name)} {error}.") from error
