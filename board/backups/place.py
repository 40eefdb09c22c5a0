"""Where backups are kept: a folder each, and one pool of pictures for all of them, since a picture never changes."""

import hashlib
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pyrage

from board.backups import manifest
from board.backups.manifest import Manifest
from board.kit.config import Config
from board.kit.storage import Storage
from board.kit.vault import Key, Part, Vault, VaultError

_NAME = r"\d{4}-\d\d-\d\dT\d{6}Z"
_FILES = re.compile(
    rf"backups/(?P<name>{_NAME})/(?:(?P<manifest>manifest\.json)|(?:database|pictures)\.\d{{4,6}}\.zst(?:\.age)?)"
    r"|pictures/(?P<circle>[0-9a-f]{16}|open)/[0-9a-f]{2}/(?P<key>[0-9a-f]{32})\.(?P<sha256>[0-9a-f]{64})\.tar(?:\.age)?",
    re.ASCII,
)


class Place:
    """All backups of one board. Raises ConfigError for a key that is none, Unavailable for a place that can not be."""

    def __init__(self, config: Config) -> None:
        self.key = Key(config.backup_key)
        self.vault = Vault(Storage(config.backups_url, _FILES, seconds=300, owner="BACKUP"), self.key)

    async def names(self) -> list[str]:
        """Every backup that has its manifest, newest first."""
        return sorted({found["name"] for found in await self._files() if found["manifest"]}, reverse=True)

    async def open(self, name: str) -> Manifest:
        """The manifest of a backup, or of the last one, its seal checked. Raises VaultError."""
        names = await self.names()
        if not names:
            raise VaultError("There is no backup yet: `board backup` makes one.")
        if name == "latest":
            name = names[0]
        if name not in names:
            raise VaultError(f"There is no backup {name}. There are: {', '.join(names)}.")
        return manifest.read(name, await self._manifest(name), self.key)

    async def peek(self, name: str) -> Manifest:
        """The same without a look at the seal: what one may know who can not read."""
        return manifest.parse(name, await self._manifest(name))

    async def new_name(self) -> str:
        """The time of now, in UTC: names sort by age."""
        taken = {found["name"] for found in await self._files()}
        now = datetime.now(UTC)
        while (name := now.strftime("%Y-%m-%dT%H%M%SZ")) in taken:
            now += timedelta(seconds=1)
        return name

    async def finish(self, backup: Manifest) -> None:
        """Read back what was stored, then write the manifest: from here on there is a backup. Raises VaultError."""
        for part in (*backup.database, *backup.lists):
            await self.vault.check(part)
        async for complaint in self.missing(backup):
            raise VaultError(complaint)
        path, data = f"backups/{backup.name}/manifest.json", backup.sealed(self.key)
        await self.vault.write(path, data)
        if await self.vault.read(path) != data:
            await self.vault.delete([path])
            raise VaultError(f"{path} was not stored as it was written.")

    async def missing(self, backup: Manifest) -> AsyncIterator[str]:
        """A sentence for each picture of a backup that is not in the pool, or not with all its bytes."""
        present: dict[str, int] = {}
        folder = ""
        async for part in self.pictures(backup):
            if (shard := part.name.rpartition("/")[0]) != folder:
                folder, present = shard, await self.vault.sizes(shard)
            if part.name not in present:
                yield f"{part.name} is missing."
            elif present[part.name] != part.bytes:
                yield f"{part.name} is cut off: it has {present[part.name]} bytes of {part.bytes}."

    async def pictures(self, backup: Manifest) -> AsyncIterator[Part]:
        """The pool files of a backup, ordered by their picture's key. Raises VaultError."""
        for part in backup.lists:
            for line in (await self.vault.get(part)).decode().splitlines():
                name, _, size = line.partition(" ")
                yield Part(name, sha256_of(name), int(size))

    async def dump(self, backup: Manifest) -> AsyncIterator[bytes]:
        """The dump of a backup, a part at a time, each checked. Raises VaultError, at the end also for the whole."""
        digest = hashlib.sha256()
        for part in backup.database:
            data = await self.vault.get(part)
            digest.update(data)
            yield data
        if digest.hexdigest() != backup.dump_sha256:
            raise VaultError(f"The dump in backup {backup.name} is not the one that was made.")

    async def pooled(self, shard: str) -> dict[str, Part]:
        """The pictures that the pool has for our readers whose keys begin with these two digits, by key."""
        sizes = await self.vault.sizes(f"pictures/{self.key.circle}/{shard}")
        return {key_of(name): Part(name, sha256_of(name), size) for name, size in sizes.items()}

    async def remove(self, names: list[str]) -> None:
        """Remove backups. The manifest goes first: what is removed by halves is no backup."""
        for name in names:
            await self.vault.delete([f"backups/{name}/manifest.json"])
        await self.remove_halves()

    async def remove_halves(self) -> None:
        """What a run has left that was killed before it wrote its manifest. Nobody else may be making a backup."""
        found = await self._files()
        whole = {each["name"] for each in found if each["manifest"]}
        await self.vault.delete([each[0] for each in found if each["name"] not in whole])

    async def remove_unnamed(self) -> int:
        """Remove the pictures that no backup names any more; return how many. Nobody else may be making a backup."""
        named: set[int] = set()  # by 64 bits of their hash: a million take 70 MB
        for name in await self.names():
            async for part in self.pictures(await self.peek(name)):
                named.add(_short(part.name))
        unnamed = [name async for name, _ in self.vault.walk("pictures") if _short(name) not in named]
        await self.vault.delete(unnamed)
        return len(unnamed)

    async def _files(self) -> list[re.Match[str]]:
        found = [_FILES.fullmatch(name) for name in await self.vault.sizes("backups")]
        return [each for each in found if each]

    async def _manifest(self, name: str) -> bytes:
        data = await self.vault.read(f"backups/{name}/manifest.json")
        if data is None:
            raise VaultError(f"Backup {name} was removed a moment ago.")
        return data


async def list_backups(config: Config) -> list[str]:
    """A line for each backup, the newest first. Needs no secret key."""
    place, lines = Place(config), []
    for name in await place.names():
        backup = await place.peek(name)
        lock = "encrypted" if backup.keys else "open to everybody"
        what = f"{backup.rows:,} rows, {backup.pictures:,} pictures, {backup.size:,} bytes, {lock}"
        lines.append(f"{name}  Board {backup.board}: {what}")
    return lines


def new_key() -> str:
    """A fresh pair of keys, as `age-keygen` prints it."""
    identity = pyrage.x25519.Identity.generate()
    return f"# public key: {identity.to_public()}\n{identity}"


def key_of(name: str) -> str:
    """The picture in a file of the pool."""
    found = _FILES.fullmatch(name)
    return found["key"] or "" if found else ""


def sha256_of(name: str) -> str:
    """The hash of a file of the pool; empty, as no hash is, for what is none."""
    found = _FILES.fullmatch(name)
    return found["sha256"] or "" if found else ""


def _short(name: str) -> int:
    return int(sha256_of(name)[:16] or "0", 16)
