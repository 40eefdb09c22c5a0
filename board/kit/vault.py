"""Files for years: compressed, encrypted if there is a key, and each known by the hash of what is really stored.

The format is that of `age` around that of `zstd`, so that the two programs and a shell open it without Board.
"""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import pyrage
import zstandard

from board.kit.config import ConfigError
from board.kit.errors import Unavailable
from board.kit.storage import Storage

T = TypeVar("T")
R = TypeVar("R")

PART = 4_194_304  # bytes of a part before it is packed: ten times as many are in memory while one is stored
_LEVEL = 3


class VaultError(RuntimeError):
    """Something stored is missing, changed or closed to us, or can not be stored: one sentence."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stored file: its name, the SHA-256 of its bytes as stored, in hexadecimal, and their number."""

    name: str
    sha256: str
    bytes: int


class Key:
    """Who may read: `age1...` names somebody who can, `AGE-SECRET-KEY-1...` is one who can; comma between; or nobody.

    Raises ConfigError for anything else, without repeating it.
    """

    def __init__(self, text: str) -> None:
        self._identities, recipients = [], []
        for each in filter(None, (part.strip() for part in text.split(","))):
            try:
                if each.startswith("AGE-SECRET-KEY-1"):
                    self._identities.append(pyrage.x25519.Identity.from_str(each))
                else:
                    recipients.append(pyrage.x25519.Recipient.from_str(each))
            except (pyrage.RecipientError, pyrage.IdentityError):
                raise ConfigError(
                    "BACKUP_KEY holds something that is no key: `board backup --new-key` makes a pair."
                ) from None
        self._recipients = recipients + [identity.to_public() for identity in self._identities]
        self.names = sorted({hashlib.sha256(str(each).encode()).hexdigest()[:16] for each in self._recipients})
        # What is stored for these readers; others can not use it.
        self.circle = hashlib.sha256(",".join(self.names).encode()).hexdigest()[:16] if self.names else "open"
        self.can_open = bool(self._identities) or not self.names
        self.suffix = ".age" if self.names else ""

    def close(self, data: bytes) -> bytes:
        """Encrypt, if there is anyone to encrypt for."""
        return pyrage.encrypt(data, self._recipients) if self._recipients else data

    def open(self, data: bytes) -> bytes:
        """Decrypt. Raises VaultError, which does not know whether the key or the data is wrong."""
        if not self._recipients:
            return data
        try:
            return pyrage.decrypt(data, self._identities)
        except pyrage.DecryptError as error:
            raise VaultError(str(error)) from error

    def seal(self, data: bytes) -> str:
        """What only somebody who knows the key can have made of this text, as ASCII. Without a key, its hash."""
        digest = hashlib.sha256(data).digest()
        return base64.b64encode(self.close(digest)).decode() if self.names else digest.hex()

    def holds(self, seal: str, data: bytes) -> bool:
        """Whether the seal is of this text. Raises VaultError if it does not open."""
        digest = hashlib.sha256(data).digest()
        if not self.names:
            return seal == digest.hex()
        try:
            return self.open(base64.b64decode(seal, validate=True)) == digest
        except ValueError as error:
            raise VaultError("it is no seal") from error


class Vault:
    """Parts in a store. What goes wrong there is a VaultError with a sentence."""

    def __init__(self, storage: Storage, key: Key) -> None:
        self.storage, self.key = storage, key

    async def put(self, name: str, data: bytes, *, compress: bool = True, secret: bool = True) -> Part:
        """Store a part under that name and the suffixes that tell how it is packed; `%s` becomes its hash."""
        packed, digest = await asyncio.to_thread(self._pack, data, compress, secret)
        name = name.replace("%s", digest) + (".zst" if compress else "") + (self.key.suffix if secret else "")
        await self.write(name, packed)
        return Part(name, digest, len(packed))

    async def write(self, name: str, data: bytes) -> None:
        """Store bytes as they are."""
        try:
            await self.storage.put(name, data)
        except Unavailable as error:
            raise VaultError(f"{name} could not be stored: {reason(error)}") from error

    async def check(self, part: Part) -> bytes:
        """The bytes of a part as stored, after comparing them with its hash. Raises VaultError."""
        data = await self.read(part.name)
        if data is None:
            raise VaultError(f"{part.name} is missing.")
        if len(data) < part.bytes:
            raise VaultError(f"{part.name} is cut off: it has {len(data)} bytes of {part.bytes}.")
        if await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest()) != part.sha256:
            raise VaultError(f"{part.name} is damaged: it is not what was stored under that name.")
        return data

    async def get(self, part: Part) -> bytes:
        """What was put. Raises VaultError."""
        data = await self.check(part)
        try:
            return await asyncio.to_thread(self._unpack, part.name, data)
        except (VaultError, zstandard.ZstdError) as error:
            raise VaultError(f"{part.name} can not be opened: {error}.") from error

    async def read(self, name: str) -> bytes | None:
        """The bytes of a file as stored, None if there is none."""
        try:
            return await self.storage.get(name)
        except Unavailable as error:
            raise VaultError(f"{name} could not be read: {reason(error)}") from error

    async def sizes(self, prefix: str) -> dict[str, int]:
        """The names in a folder, and below it, with the bytes of each."""
        return {name: size async for name, size in self.walk(prefix)}

    async def walk(self, prefix: str) -> AsyncIterator[tuple[str, int]]:
        """The same one by one, for a folder of very many."""
        try:
            async for name, size in self.storage.sizes(prefix):
                yield name, size
        except Unavailable as error:
            raise VaultError(f"{prefix} could not be listed: {reason(error)}") from error

    async def delete(self, names: Iterable[str]) -> None:
        """Remove files, those that are gone already too."""
        try:
            await self.storage.delete(names)
        except Unavailable as error:
            raise VaultError(f"old files could not be removed: {reason(error)}") from error

    def _pack(self, data: bytes, compress: bool, secret: bool) -> tuple[bytes, str]:
        packed = zstandard.compress(data, _LEVEL) if compress else data
        packed = self.key.close(packed) if secret else packed
        return packed, hashlib.sha256(packed).hexdigest()

    def _unpack(self, name: str, data: bytes) -> bytes:
        opened = self.key.open(data) if name.endswith(".age") else data
        if not name.removesuffix(".age").endswith(".zst"):
            return opened
        return zstandard.ZstdDecompressor().decompress(opened, max_output_size=PART)


async def together(work: Callable[[T], Awaitable[R]], items: AsyncIterator[T], at_once: int = 8) -> AsyncIterator[R]:
    """Yield what the work gives for each item, in order, several at a time: a bucket's answers take their while."""
    batch: list[T] = []
    async for item in items:
        batch.append(item)
        if len(batch) == at_once:
            for result in await _all(work, batch):
                yield result
            batch = []
    for result in await _all(work, batch):
        yield result


async def _all(work: Callable[[T], Awaitable[R]], batch: list[T]) -> list[R]:
    results = await asyncio.gather(*map(work, batch), return_exceptions=True)  # none is left working alone
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]


def reason(error: BaseException) -> str:
    """What a store says to who runs the board, on one line."""
    return str(error.__cause__ or error).partition("\n")[0][:300]
