"""A backup that is not what was stored is refused with a sentence that names the part, before anything is touched."""

import base64
import dataclasses
import hashlib
import json
import re
from collections.abc import Callable

import pyrage
import pytest

from board.backups.drill import drill
from board.backups.place import Place
from board.backups.restore import restore
from board.kit.config import Config
from board.kit.storage import Storage
from board.kit.vault import VaultError
from tests.saved import PUBLIC, SECRET, backed_up, files, query, tables, untouched

PARTS = ["database", "pictures.0001", "pool"]


@dataclasses.dataclass
class Stored:
    """An encrypted backup, the board it is of, and the empty place it is for."""

    board: Config
    there: Config
    storage: Storage

    async def part(self, kind: str) -> str:
        """The name of the first file of that kind."""
        if kind == "pool":
            return (await files(self.board, "pictures"))[0]
        return next(name for name in await files(self.board, "backups") if kind in name.rpartition("/")[2])

    async def change(self, kind: str, how: Callable[[bytes], bytes]) -> str:
        name = await self.part(kind)
        await self.storage.put(name, how(await self.storage.get(name)))
        return name

    async def change_manifest(self, **fields: object) -> None:
        """As somebody would who can write there and does not have the key."""
        file = json.loads(await self.storage.get(await self.part("manifest")))
        file["backup"] |= fields
        await self.change("manifest", lambda _: json.dumps(file).encode())

    async def is_refused(self, sentence: str, *, drilled: bool = True, **settings: str) -> None:
        """By the restore, which leaves the empty place empty, and by the drill, which remembers it."""
        with pytest.raises(VaultError, match=sentence):
            await restore(dataclasses.replace(self.there, **settings))
        assert await untouched(self.there)
        if not drilled:
            return
        before = await tables(self.board)
        with pytest.raises(VaultError, match=sentence):
            await drill(dataclasses.replace(self.board, **settings), report=[])
        assert await tables(self.board) == before
        (row,) = await query(self.board, "select * from backups order by id desc limit 1")
        assert row["kind"] == "drill"
        assert re.search(sentence, row["problem"])
        assert not await query(self.board, "select from pg_database where datname like '%\\_drill'")


@pytest.fixture
async def stored(posted, empty_place) -> Stored:
    await backed_up(posted)
    return Stored(posted, await empty_place(), Place(posted).vault.storage)


def flipped(at: float) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        place = int(len(data) * at)
        return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

    return change


@pytest.mark.parametrize("kind", PARTS)
async def test_a_flipped_bit_is_found(stored, kind):
    original = await stored.storage.get(await stored.part(kind))
    for at in (0, 0.5, 0.9999):
        name = await stored.change(kind, flipped(at))
        await stored.is_refused(f"{re.escape(name)} is damaged", drilled=at == 0.5)
        await stored.change(kind, lambda _: original)
    assert (await restore(stored.there)).rows > 10


@pytest.mark.parametrize("kind", PARTS)
async def test_a_file_that_is_cut_off_or_missing_is_found(stored, kind):
    for change, sentence in (
        (lambda data: data[:-1], "is cut off: it has [0-9]+ bytes of [0-9]+"),
        (lambda _: b"", "is cut off: it has 0 bytes of [0-9]+"),
        (lambda data: data + b"more", "is damaged"),
    ):
        original = await stored.storage.get(await stored.part(kind))
        name = await stored.change(kind, change)
        await stored.is_refused(f"{re.escape(name)} {sentence}", drilled=False)
        await stored.change(kind, lambda _, original=original: original)
    await stored.storage.delete([name])
    await stored.is_refused(f"{re.escape(name)} is missing")


async def test_files_that_changed_places_are_found(stored):
    pool = await files(stored.board, "pictures")
    one, other = [await stored.storage.get(name) for name in pool[:2]]
    size = min(len(one), len(other))
    await stored.storage.put(pool[0], other[:size] + b"x" * (len(one) - size))
    await stored.is_refused(f"{re.escape(pool[0])} is damaged")
    await stored.storage.put(pool[0], one)
    dump = await stored.part("database")
    listed = await stored.part("pictures.0001")
    await stored.storage.put(dump, await stored.storage.get(listed) * 9)
    await stored.is_refused(f"{re.escape(dump)} is", drilled=False)


async def test_a_dump_of_another_backup_is_found(stored):
    """A whole file with the right key, from the backup before."""
    earlier = await stored.part("database")
    await query(stored.board, "update threads set title = 'Later'")
    await backed_up(stored.board)
    name = [each for each in await files(stored.board, "backups") if "database" in each][-1]
    await stored.storage.put(name, await stored.storage.get(earlier))
    await stored.is_refused(f"{re.escape(name)} is")


async def test_a_backup_under_another_name_is_found(stored):
    name = await stored.part("manifest")
    moved = name.replace("202", "212", 1)
    await stored.storage.put(moved, await stored.storage.get(name))
    await stored.is_refused(f"Backup {moved.split('/')[1]} was made as {name.split('/')[1]}: somebody moved it")


@pytest.mark.parametrize("at", [0.02, 0.5, 0.97])
async def test_a_manifest_with_a_flipped_bit_is_found(stored, at):
    await stored.change("manifest", flipped(at))
    await stored.is_refused("manifest of backup .* (is damaged|was changed)|seal of backup .* does not open|format")


async def test_a_manifest_that_is_cut_off_or_nonsense_is_found(stored):
    original = await stored.storage.get(await stored.part("manifest"))
    for text in (original[:-20], b"", b"[]", b"null", b'{"backup": 3}', b'{"backup": {"format": 1}}', b"\xff\xfe"):
        await stored.change("manifest", lambda _, text=text: text)
        await stored.is_refused("The manifest of backup .* is damaged")
    await stored.change("manifest", lambda _: original)
    await stored.change_manifest(format=2)
    await stored.is_refused("has format 2, this release reads 1")


async def test_who_has_no_key_can_not_change_the_manifest(stored):
    """Not even with right hashes of what he put in its place."""
    name = await stored.part("database")
    false = b"another dump"
    await stored.storage.put(name, false)
    part = {"name": name, "sha256": hashlib.sha256(false).hexdigest(), "bytes": len(false)}
    await stored.change_manifest(database=[part])
    await stored.is_refused("manifest of backup .* was changed after it had been sealed")


async def test_who_has_another_key_can_not_seal_the_manifest(stored):
    name = await stored.part("manifest")
    file = json.loads(await stored.storage.get(name))
    stranger = pyrage.x25519.Identity.generate().to_public()
    file["seal"] = base64.b64encode(pyrage.encrypt(b"\0" * 32, [stranger])).decode()
    await stored.change("manifest", lambda _: json.dumps(file).encode())
    await stored.is_refused("The seal of backup .* does not open")


async def test_a_backup_without_a_lock_is_not_taken_for_one_with(stored):
    """Somebody who can write there puts a whole backup of his own, which he could not encrypt for us."""
    await backed_up(dataclasses.replace(stored.board, backup_key=""))
    await stored.is_refused("is not encrypted, although BACKUP_KEY is set")


async def test_a_wrong_key_is_told(stored):
    other = str(pyrage.x25519.Identity.generate())
    await stored.is_refused("BACKUP_KEY is the wrong key", backup_key=other)
    await stored.is_refused("is encrypted: set BACKUP_KEY to its secret key", backup_key="")
    await stored.is_refused("it must be the secret key", backup_key=PUBLIC)
    await restore(dataclasses.replace(stored.there, backup_key=f"{other},{SECRET}"))
