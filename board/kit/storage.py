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
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
from obstore.store import LocalStore, from_url

# "ab/abcdef.../640.webp": folders of hexadecimal digits, then a file of the picture ladder.
NAME = re.compile(r"(?:[0-9a-f]{1,64}/){1,3}(?:[1-9][0-9]{0,4}\.(?:webp|jpg)|play\.webp)", re.ASCII)
PREFIX = re.compile(r"(?:[0-9a-f]{1,64}(?:/[0-9a-f]{1,64}){0,2}/?)?", re.ASCII)
TYPES = {".webp": "image/webp", ".jpg": "image/jpeg"}
INCOMING = "incoming"  # not hexadecimal, so no name leads there
ENDPOINTS = (
    *("AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"),
    *("AZURE_ENDPOINT", "AZURE_STORAGE_ENDPOINT", "GOOGLE_BASE_URL"),
)


class Storage:
    """Files in one place. Every method raises ValueError for what is no name, OSError or obstore's errors for trouble.

    `url` is file:///folder, which is created, or s3://bucket/prefix, gs://bucket/prefix, az://container/prefix. Keys
    and endpoint of a bucket come from the environment, as AWS_ACCESS_KEY_ID or AWS_ENDPOINT; an endpoint may be http://.
    There is nothing to close.
    """

    def __init__(self, url: str) -> None:
        if url.startswith("file:"):
            self._store = from_url(url, mkdir=True, automatic_cleanup=True)
        else:
            plain = any(os.environ.get(name, "").startswith("http://") for name in ENDPOINTS)
            self._store = from_url(
                url,
                client_options={"allow_http": plain, "timeout": timedelta(seconds=20)},
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},  # obstore's three minutes
            )
        self._root = self._store.prefix if isinstance(self._store, LocalStore) else None

    async def put(self, name: str, data: bytes) -> None:
        """Write a file, or write it anew; when this returns, it is safe."""
        _check(NAME, name)
        if self._root:
            await asyncio.to_thread(_write, self._root, name, data)
        else:
            await obstore.put_async(
                self._store, name, data, attributes={"Content-Type": TYPES[Path(name).suffix]}, use_multipart=False
            )

    async def get(self, name: str) -> bytes | None:
        """Return the bytes of a file, None if there is none."""
        _check(NAME, name)
        try:
            result = await obstore.get_async(self._store, name)
        except FileNotFoundError:
            return None
        return bytes(await result.bytes_async())

    async def delete(self, names: Iterable[str]) -> None:
        """Remove files; those that are gone already do not matter."""
        names = list(names)
        for name in names:
            _check(NAME, name)
        try:
            await obstore.delete_async(self._store, names)
        except FileNotFoundError:  # of all but S3, and perhaps before the others were removed
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    await obstore.delete_async(self._store, name)

    async def list(self, prefix: str = "", age: float = 0) -> AsyncIterator[str]:
        """Yield the names in that folder and below that were last written at least `age` seconds ago, in no order."""
        _check(PREFIX, prefix)
        if self._root:
            await asyncio.to_thread(_sweep, self._root / INCOMING)
        newest = datetime.now(UTC) - timedelta(seconds=age)
        async for chunk in obstore.list(self._store, prefix or None, chunk_size=1000):
            for entry in chunk:
                if NAME.fullmatch(entry["path"]) and (not age or entry["last_modified"] <= newest):
                    yield entry["path"]


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
