"""A ZIP that is written into the store while it is made, in pieces of one size, and read back from any byte on."""

import asyncio
import io
import re
import zipfile
from collections.abc import AsyncIterator
from typing import Any

from board.kit.storage import Storage

# Small enough for the memory of a small pod, large enough that a gigabyte is a few hundred requests to a bucket.
PIECE = 4 * 1024 * 1024
NAMES = re.compile(r"[0-9a-f]{32}/[0-9]{6}")


def open_store(pictures_url: str) -> Storage:
    """Where exports are kept: beside the pictures, where no address of theirs leads to."""
    return Storage(f"{pictures_url.rstrip('/')}/exports", NAMES)


class Archive:
    """A ZIP on its way into a place of the store. At no time more than two pieces of it are in memory."""

    def __init__(self, storage: Storage, place: str) -> None:
        self._storage, self._place = storage, place
        self._pending = _Pending()
        self._zip = zipfile.ZipFile(self._pending, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._pieces = 0

    async def add(self, name: str, text: str) -> None:
        """Write a file of text."""
        # In a thread: to compress a page of long messages takes longer than others should wait.
        await asyncio.to_thread(self._zip.writestr, name, text)
        await self._store()

    async def copy(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Write a file of bytes that come in pieces."""
        head = zipfile.ZipInfo(name)
        head.compress_type = zipfile.ZIP_STORED
        with self._zip.open(head, "w", force_zip64=True) as file:
            async for piece in pieces:
                file.write(piece)
                await self._store()

    async def close(self) -> int:
        """Write the list of files and the last piece; return the bytes of it all."""
        await asyncio.to_thread(self._zip.close)
        await self._store(least=1)
        return self._pending.tell()

    async def _store(self, least: int = 0) -> None:
        while self._pending.size >= (least or PIECE):
            await self._storage.put(_name(self._place, self._pieces), self._pending.take(PIECE))
            self._pieces += 1


class _Pending(io.RawIOBase):
    """What zipfile has written and the store has not got yet. It can not seek, so that zipfile never looks back."""

    def __init__(self) -> None:
        super().__init__()
        self._data, self._taken = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._data += data
        return len(data)

    def tell(self) -> int:
        return self._taken + len(self._data)

    @property
    def size(self) -> int:
        """Bytes that are pending. Not its length: zipfile takes an empty file for none."""
        return len(self._data)

    def take(self, most: int) -> bytes:
        """The first bytes, which are not pending any more."""
        taken = bytes(self._data[:most])
        del self._data[:most]
        self._taken += len(taken)
        return taken


async def read(storage: Storage, place: str, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes from `start` to before `end`. Raises FileNotFoundError if a piece is lost."""
    for number in range(start // PIECE, -(-end // PIECE)):
        found = await storage.open(_name(place, number))
        if found is None:
            raise FileNotFoundError(_name(place, number))
        at = number * PIECE
        async for chunk in found.pieces:
            part = chunk[max(start - at, 0) : max(end - at, 0)]
            at += len(chunk)
            if part:
                yield part


async def is_there(storage: Storage, place: str) -> bool:
    """Whether its beginning can be read: a backup that was put back knows of exports, and has none."""
    return await storage.open(_name(place, 0)) is not None


async def remove(storage: Storage, place: str) -> None:
    """Remove all pieces, however far it came."""
    names = [name async for name in storage.list(place)]
    if names:
        await storage.delete(names)


def _name(place: str, number: int) -> str:
    return f"{place}/{number:06}"
