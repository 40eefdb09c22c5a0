"""Files by name, in a folder or in a bucket: one interface for file://, s3://, gs:// and az:// through obstore.

What put() has answered survives a power cut, and nobody ever reads half a file.
"""

import asyncio
import contextlib
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from board.kit.errors import Unavailable

# "ab/abcdef.../640.webp": folders of hexadecimal digits, then a file of the picture ladder.
NAME = re.compile(r"(?:[0-9a-f]{1,64}/){1,3}(?:[1-9][0-9]{0,4}\.(?:webp|jpg)|play\.webp)", re.ASCII)
PREFIX = re.compile(r"(?:[0-9A-Za-z-]{1,64}(?:/[0-9A-Za-z-]{1,64}){0,2}/?)?", re.ASCII)
TYPES = {".webp": "image/webp", ".jpg": "image/jpeg", ".json": "application/json"}
INCOMING = "incoming"  # a folder that no name leads to
ENDPOINTS = (
    *("AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"),
    *("AZURE_ENDPOINT", "AZURE_STORAGE_ENDPOINT", "GOOGLE_BASE_URL"),
)
SECONDS = 10  # for an answer, retries included; obstore has three minutes
PIECE = 524_288  # a larger file is read in such pieces, since somebody on a slow line may take minutes for it
AWAY = "The pictures can not be reached right now. Try again in a minute."
# What S3 calls it, and what it means for who runs the board.
REASONS = {
    "NoSuchBucket": "there is no such bucket",
    "InvalidAccessKeyId": "the access key is not known there",
    "SignatureDoesNotMatch": "the secret key does not belong to the access key",
    "ExpiredToken": "the credentials have expired",
    "RequestTimeTooSkewed": "the clock of this machine is wrong",
    "AccessDenied": "the access key has no right to do that, or there is no such bucket",
    "/latest/api/token": "there are no credentials in the environment, and this machine has none of its own",
    "error sending request": "nobody answers at that address",
}


class Trouble(OSError):
    """What is wrong with the place of the files, for who runs the board."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is there: how many bytes, and the bytes; a large one comes in pieces of half a MiB instead."""

    size: int
    whole: bytes | None
    pieces: AsyncIterator[bytes]


class Storage:
    """Files in one place. Every method raises ValueError for what is no name, Unavailable from Trouble for trouble.

    `url` is file:///folder, which is created, or s3://bucket/prefix, gs://bucket/prefix, az://container/prefix. Keys
    and endpoint of a bucket come from the environment, as AWS_ACCESS_KEY_ID or AWS_ENDPOINT; an endpoint may be http://.
    There is nothing to close. Raises Unavailable for a place that can not be.

    `names` tells what may be stored, `seconds` how long one file may take. With `owner` as "BACKUP", the variable
    BACKUP_AWS_ENDPOINT goes before AWS_ENDPOINT, for a bucket of somebody else.
    """

    def __init__(
        self, url: str, names: re.Pattern[str] = NAME, *, seconds: float = SECONDS, owner: str = "STORAGE"
    ) -> None:
        self.url = url
        self._names, self._seconds = names, seconds
        try:
            self._store = _connect(url, seconds, owner)
        except (BaseError, ValueError, OSError) as error:
            raise Unavailable(f"{owner}_URL={url} can not be used: {_reason(error)}.") from error
        self._root = self._store.prefix if isinstance(self._store, LocalStore) else None

    async def check(self) -> None:
        """Find out whether the place can be reached and read; raise Unavailable if not."""
        await self.open("0/1.webp")
        if self._root and not os.access(self._root, os.W_OK):
            raise Unavailable(AWAY) from Trouble(f"{self.url}: the folder can not be written to")

    async def put(self, name: str, data: bytes) -> None:
        """Write a file, or write it anew; when this returns, it is safe."""
        _check(self._names, name)
        async with self._reaching():
            if self._root:
                await asyncio.to_thread(_write, self._root, name, data)
            else:
                kind = TYPES.get(Path(name).suffix, "application/octet-stream")
                await obstore.put_async(self._store, name, data, attributes={"Content-Type": kind}, use_multipart=False)

    async def open(self, name: str) -> Found | None:
        """Find a file, None if there is none. Its contents must be what they ever were, as they are read in pieces."""
        _check(self._names, name)
        try:
            async with self._reaching():
                result = await obstore.get_async(self._store, name)
                size = result.meta["size"]
                whole = bytes(await result.bytes_async()) if size <= PIECE else None
        except FileNotFoundError:
            return None
        return Found(size, whole, self._pieces(name, size))

    async def get(self, name: str) -> bytes | None:
        """Return the bytes of a file, None if there is none."""
        _check(self._names, name)
        try:
            async with self._reaching():
                result = await obstore.get_async(self._store, name)
                return bytes(await result.bytes_async())
        except FileNotFoundError:
            return None

    async def delete(self, names: Iterable[str]) -> None:
        """Remove files; those that are gone already do not matter."""
        names = list(names)
        for name in names:
            _check(self._names, name)
        try:
            async with self._reaching():
                await obstore.delete_async(self._store, names)
        except FileNotFoundError:  # of all but S3, and perhaps before the others were removed
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    async with self._reaching():
                        await obstore.delete_async(self._store, name)

    async def list(self, prefix: str = "", age: float = 0) -> AsyncIterator[str]:
        """Yield the names in that folder and below that were last written at least `age` seconds ago, in no order."""
        async for name, _ in self.sizes(prefix, age):
            yield name

    async def sizes(self, prefix: str = "", age: float = 0) -> AsyncIterator[tuple[str, int]]:
        """Yield what list() does, each name with the bytes of its file."""
        _check(PREFIX, prefix)
        if self._root:
            await asyncio.to_thread(_sweep, self._root / INCOMING)
        newest = datetime.now(UTC) - timedelta(seconds=age)
        chunks = aiter(obstore.list(self._store, prefix or None, chunk_size=1000))
        while True:
            async with self._reaching():
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            for entry in chunk:
                if self._names.fullmatch(entry["path"]) and (not age or entry["last_modified"] <= newest):
                    yield entry["path"], entry["size"]

    async def _pieces(self, name: str, size: int) -> AsyncIterator[bytes]:
        for start in range(0, size, PIECE):
            async with self._reaching():
                # A request each: one that is left waiting by a slow reader would be cut off by the store.
                piece = await obstore.get_range_async(self._store, name, start=start, end=min(start + PIECE, size))
            yield bytes(piece)

    @asynccontextmanager
    async def _reaching(self) -> AsyncIterator[None]:
        """Raise FileNotFoundError for a file that is not there, Unavailable for all else that a store can say."""
        try:
            async with asyncio.timeout(self._seconds):
                yield
        except (BaseError, OSError) as error:
            if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error):
                raise
            late = f"no answer within {self._seconds:g} seconds" if isinstance(error, TimeoutError) else ""
            raise Unavailable(AWAY) from Trouble(f"{self.url}: {late or _reason(error)}")


def _connect(url: str, seconds: float, owner: str) -> Any:
    if url.startswith("file:"):
        return from_url(url, mkdir=True, automatic_cleanup=True)
    own = {
        name.removeprefix(f"{owner}_"): text
        for name, text in os.environ.items()
        if name.startswith((f"{owner}_AWS_", f"{owner}_AZURE_", f"{owner}_GOOGLE_"))
    }
    plain = any(own.get(name, os.environ.get(name, "")).startswith("http://") for name in ENDPOINTS)
    limit = timedelta(seconds=seconds)
    return from_url(
        url,
        config=cast("Any", {name.lower(): text for name, text in own.items()}),
        client_options={"allow_http": plain, "timeout": limit, "connect_timeout": timedelta(seconds=3)},
        retry_config={"max_retries": 3, "retry_timeout": limit},
    )


def _reason(error: Exception) -> str:
    text = str(error)
    return next((said for code, said in REASONS.items() if code in text), text.partition("\n")[0])


def _check(pattern: re.Pattern[str], name: str) -> None:
    if not pattern.fullmatch(name):
        raise ValueError(f"no name of a stored file: {name!r}")


def _write(root: Path, name: str, data: bytes) -> None:
    """Write under another name, then rename. obstore does that too, but without fsync: a power cut would take it."""
    target, incoming = root / name, root / INCOMING / secrets.token_hex(16)
    incoming.parent.mkdir(exist_ok=True)
    try:
        with incoming.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _move(incoming, target)
    finally:
        incoming.unlink(missing_ok=True)
    for folder in target.relative_to(root).parents:
        _sync(root / folder)


def _move(source: Path, target: Path) -> None:
    for _ in range(10):  # delete() may remove the folder as empty in between
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            source.replace(target)
            return
    raise FileNotFoundError(target)


def _sync(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # deleted again already
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(incoming: Path) -> None:
    """Remove what a process left that was killed while it wrote; an hour is long enough for any write."""
    for path in incoming.glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - 3600:
                path.unlink()
