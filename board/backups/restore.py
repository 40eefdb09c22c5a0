"""Put a backup back into an empty place, after everything in it has been read and found good."""

import dataclasses
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg

from board.backups import bundles
from board.backups.contents import contents, differences
from board.backups.manifest import Manifest
from board.backups.place import Place, key_of
from board.backups.record import Record, connected, log, recorded
from board.kit import programs
from board.kit.config import Config
from board.kit.db import SQL, Database, one, value
from board.kit.errors import Unavailable
from board.kit.migrate import migrate
from board.kit.storage import Storage
from board.kit.vault import Part, VaultError, reason, together

_count_objects = value("backups/count_objects")
_name_database = one("backups/name_database")

ANALYZE_SECONDS = 3600
MAKE_SECONDS = 300  # that making or removing a database may take


class RestoreError(RuntimeError):
    """This backup can not be restored here: one sentence that says what to do."""


async def restore(config: Config, name: str = "latest", *, into: str = "") -> Manifest:
    """Restore a backup into an empty database and an empty picture store, and bring it to this release's schema.

    With `into`, the database is one of that name on the server of DATABASE_URL, made if there is none.
    What was begun and broken off is taken up again. Raises RestoreError, VaultError, ProgramError or MigrationError,
    and has then changed nothing, unless the sentence says so.
    """
    place, storage = Place(config), Storage(config.pictures_url)
    backup = await place.open(name)
    refuse_newer(backup)
    if into:
        config = await _made_beside(config, into)
    async with connected(config) as database:
        full = await _is_full(database, backup)
        await _refuse_others(storage, place, backup)
        program = await programs.find("pg_restore", await server_version(database, backup))
        log.info("reading backup %s of %s: %d bytes", backup.name, backup.made_at, backup.size)
        await verify(place, backup)
        log.info("all of it is good; storing %d pictures", backup.pictures)
        await _store(place, backup, storage)
        if not full:
            log.info("restoring %d rows", backup.rows)
            await load(program, config.database_url, place, backup)
            await compare(database, backup)
        await migrate(database)
        await analyze(database)
        record = Record("restore", name=backup.name, bytes=backup.size, missing=len(backup.missing))
        await recorded(database, record, _nothing)
    return backup


def beside(config: Config, name: str) -> Config:
    """The settings with another database on the same server."""
    url = urlsplit(config.database_url)._replace(path=f"/{quote(name, safe='')}").geturl()
    return dataclasses.replace(config, database_url=url)


async def _made_beside(config: Config, name: str) -> Config:
    async with connected(config) as database, database.connection() as connection:
        found = await _name_database(connection, name=name)
        try:
            if not found["is_there"]:
                await connection.execute(found["make"], timeout=MAKE_SECONDS)
        except asyncpg.InsufficientPrivilegeError as error:
            raise RestoreError(
                f"This role may not make the database {name}: let one that may do so (createdb), and run this again."
            ) from error
    return beside(config, name)


def refuse_newer(backup: Manifest) -> None:
    """Raise RestoreError for a backup that knows of migrations which this release does not have."""
    known = {path.stem for path in (SQL / "migrations").glob("*.sql")}
    unknown = [name for name in backup.migrations if name not in known]
    if unknown:
        raise RestoreError(
            f"Backup {backup.name} was made by Board {backup.board}, which is newer than this one "
            f"(it has {', '.join(unknown)}): restore it with that release."
        )


async def server_version(database: Database, backup: Manifest) -> int:
    """The major version of the server. Raises RestoreError if it is older than the backup's."""
    async with database.connection() as connection:
        major: int = connection.get_server_version().major
    if major < backup.postgresql:
        raise RestoreError(
            f"Backup {backup.name} is of PostgreSQL {backup.postgresql}, this server is {major}: use one of "
            f"{backup.postgresql} or newer."
        )
    return major


async def verify(place: Place, backup: Manifest) -> None:
    """Read all of a backup and compare it with the hashes in its manifest. Raises VaultError at the first mistake."""
    async for _ in place.dump(backup):
        pass
    async for _ in together(place.vault.check, place.pictures(backup)):
        pass


async def load(program: str, url: str, place: Place, backup: Manifest) -> None:
    """Restore the dump in one transaction: all of it is there at the end, or nothing."""
    try:
        await programs.feed(
            *(program, url, "--single-transaction", "--no-owner", "--no-privileges"), chunks=place.dump(backup)
        )
    except programs.ProgramError as error:
        raise RestoreError(
            f"pg_restore: {error}. The database is as it was. Mend the cause, then run the same command again."
        ) from error


async def compare(database: Database, backup: Manifest) -> None:
    """Raise RestoreError if a table does not hold what it held when the backup was made."""
    async with database.transaction() as connection:
        told = differences(backup.tables, await contents(connection))
    if told:
        raise RestoreError(f"The database was restored, but is not what was saved. {' '.join(told)}")


async def analyze(database: Database) -> None:
    """Tell the planner what is in the tables now."""
    async with database.connection() as connection:
        await connection.execute("analyze", timeout=ANALYZE_SECONDS)


async def _is_full(database: Database, backup: Manifest) -> bool:
    """Whether this very backup is in the database already. Raises RestoreError if anything else is."""
    async with database.transaction() as connection:
        objects = await _count_objects(connection)
        if not objects:
            return False
        if await contents(connection) == backup.tables:
            return True
        name = await connection.fetchval("select current_database()")
    raise RestoreError(
        f"The database {name} is not empty, it has {objects} tables and the like. `board restore` fills an empty one "
        "only: make a new one (createdb), and name it in DATABASE_URL."
    )


async def _refuse_others(storage: Storage, place: Place, backup: Manifest) -> None:
    """Raise RestoreError if the picture store has a picture that is not of this backup."""
    keys = {key_of(part.name) async for part in place.pictures(backup)}
    async for name in _listed(storage):
        if name.split("/")[1] not in keys:
            raise RestoreError(
                f"The picture store has files that are not of backup {backup.name}, such as {name}. `board restore` "
                "fills an empty one only: name a new one in STORAGE_URL, or empty this one."
            )


async def _listed(storage: Storage) -> AsyncIterator[str]:
    try:
        async for name in storage.list():
            yield name
    except Unavailable as error:
        raise RestoreError(f"The picture store can not be read: {reason(error)}") from error


async def _store(place: Place, backup: Manifest, storage: Storage) -> None:
    async def put(part: Part) -> None:
        files = await open_bundle(place, part)
        for name, data in files.items():
            await storage.put(name, data)

    try:
        async for _ in together(put, place.pictures(backup)):
            pass
    except Unavailable as error:
        raise RestoreError(
            f"A picture could not be stored: {reason(error)}. Some are stored already. Mend the cause, then run the "
            "same command again."
        ) from error


async def open_bundle(place: Place, part: Part) -> dict[str, bytes]:
    """The files of a picture by their names in the store. Raises VaultError if they are not that picture."""
    try:
        files = bundles.unpack(await place.vault.get(part))
    except ValueError as error:
        raise VaultError(f"{part.name} can not be opened: {error}.") from error
    if not bundles.is_whole(key_of(part.name), files):
        raise VaultError(f"{part.name} holds another picture than its name says.")
    return files


async def _nothing(*_: Any) -> None:
    """The work was done before there was a table to remember it in."""
