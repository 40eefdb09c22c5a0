"""Uploads become pictures that any phone can show: checked, upright, without metadata, in a ladder of widths.

Nothing is decoded here. Worker processes do that under limits (picture_worker.py), and whatever a file does to one of
them, the person gets a sentence.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
import math
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

WORKER = Path(__file__).with_name("picture_worker.py")
UNREADABLE = "could not be read: it is damaged or needs too much memory"
TOO_LONG = "took too long to read"
FORMATS = {
    rb"\xff\xd8\xff": "JPEG",
    rb"\x89PNG\r\n\x1a\n": "PNG",
    rb"RIFF.{4}WEBP": "WEBP",
    rb"GIF8[79]a": "GIF",
    rb".{4}ftyp(avi[fs]|m[is]f1.{4}(.{4}){0,12}avi[fs])": "AVIF",
    rb".{4}ftyp(hei[cmsx]|hev[cmsx]|m[is]f1)": "HEIF",
}
OTHERS = {
    b"$": "is empty",
    rb"(\xef\xbb\xbf)?\s*<(svg|[?!].*<svg)": "is an SVG drawing; send it as PNG or JPEG",
    b"%PDF": "is a PDF; send its pages as PNG or JPEG",
    rb".{4}ftyp(iso|mp4|M4V|qt|3g)|\x1aE\xdf\xa3": "is a video; only pictures can be sent",
    b"": "is not a picture Board can read (JPEG, PNG, WebP, AVIF, GIF and HEIC are)",
}
MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")  # of a JPEG; the excluded ones stand for data, or alone
SCANS = 100  # a progressive JPEG has about ten; 1,500 cost seconds


@dataclass(frozen=True)
class Limits:
    """What one upload may cost: bytes, pixels, seconds of work, bytes of memory, frames kept of an animation.

    All frames of an animation together may have four times the pixels. A WebP of 58 megapixels fits 1 GiB of memory,
    any other format 64.
    """

    bytes: int = 20_000_000
    pixels: int = 64_000_000
    seconds: float = 20
    memory: int = 1 << 30
    frames: int = 200


@dataclass(frozen=True)
class Picture:
    """The files of one picture by name, as "640.webp", and what a page needs to show them.

    `widths` are those of the WebP files, `width` and `height` belong to the widest, `fallback` is the width of the one
    JPEG; `animated` means that "play.webp" moves. The same upload gives the same `key`, 32 hexadecimal digits.
    """

    key: str
    width: int
    height: int
    animated: bool
    widths: tuple[int, ...]
    fallback: int
    files: dict[str, bytes]


# Told of each upload: "read", "refused" or "turned away", when it came (perf_counter), and the seconds it took.
Watcher = Callable[[str, float, float], None]


class Unreadable(Exception):
    """Why an upload is no picture: a sentence for the person, to stand after the name of the file."""


class Busy(Exception):
    """Too many uploads wait already, or the workers are closed."""


class PictureWorkers:
    """Worker processes that develop one upload each at a time, started when needed and again when one dies."""

    def __init__(self, processes: int = 2, limits: Limits | None = None, waiting: int = 32) -> None:
        self.limits = limits or Limits()
        self.watchers: list[Watcher] = []
        self.waiting = self.busy = 0
        self._slots = asyncio.Semaphore(processes)
        self._idle: list[_Worker] = []
        self._running: list[_Worker] = []
        self._most = waiting
        self._closed = False

    async def develop(self, source: bytes | Path, *, square: bool = False) -> Picture:
        """Return the picture in these bytes or this file; raise Unreadable, or Busy when too many wait already.

        With `square`, its middle in the small sizes of an avatar. A path is better for big uploads: bytes stay in
        memory while they wait.
        """
        started, result = time.perf_counter(), "refused"
        try:
            picture = await self._develop(source, square)
            result = "read"
            return picture
        except Busy:
            result = "turned away"
            raise
        finally:
            for watcher in self.watchers:
                watcher(result, started, time.perf_counter() - started)

    async def _develop(self, source: bytes | Path, square: bool) -> Picture:
        kind = await asyncio.to_thread(_kind, source, self.limits.bytes)
        async with self._slot():
            folder = Path(tempfile.mkdtemp(prefix="board-picture-"))  # not in a thread: a cancellation would lose it
            try:
                return await self._developed(source, folder, kind, square)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def close(self) -> None:
        """End all workers, with what they are doing."""
        self._closed = True
        for worker in self._running:
            worker.kill()
        await asyncio.gather(*(worker.process.wait() for worker in self._running))

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        if self._slots.locked() and self.waiting >= self._most:
            raise Busy("too many pictures wait to be read")
        self.waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self.waiting -= 1
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1
            self._slots.release()

    async def _developed(self, source: bytes | Path, folder: Path, kind: str, square: bool) -> Picture:
        path = await asyncio.to_thread(_laid_out, source, folder, kind)
        limits = {name: getattr(self.limits, name) for name in ("pixels", "seconds", "memory", "frames")}
        job = {"source": str(path), "folder": str(folder), "kind": kind, "square": square, **limits}
        answer = await self._ask(job)
        if "sizes" in answer:
            return await asyncio.to_thread(_picture, folder, answer["sizes"])
        # Of what went wrong only its kind: its words could quote the file.
        why = answer.get("detail", answer.get("unreadable", f"the worker ended with {answer.get('died')}"))
        log.info("a %s upload was refused: %s", kind, why.partition("(")[0])
        late = answer.get("died") in {-signal.SIGALRM, -signal.SIGXCPU}
        raise Unreadable(answer.get("unreadable", TOO_LONG if late else UNREADABLE))

    async def _ask(self, job: dict[str, object]) -> dict[str, Any]:
        for _ in range(2):  # a worker may have died while it was idle
            worker = self._idle.pop() if self._idle else await self._start()
            answer = None
            try:
                answer = await worker.ask(job, self.limits.seconds + 10)
            except TimeoutError:
                return {"unreadable": TOO_LONG}
            finally:  # a cancelled job ends with its worker: a new one is there in 0.1 s
                if answer:
                    self._idle.append(worker)
                else:
                    worker.kill()
            if answer:
                return answer
        return {}

    async def _start(self) -> "_Worker":
        if self._closed:
            raise Busy("the picture workers are closed")
        self._running = [worker for worker in self._running if worker.process.returncode is None]
        libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}
        # -I: neither the environment nor the current folder decides what gets imported.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(WORKER), stdin=PIPE, stdout=PIPE, env=libraries, start_new_session=True
        )
        worker = _Worker(process)
        self._running.append(worker)
        if self._closed:
            worker.kill()
        return worker


class _Worker:
    """One process; whatever interrupts ask() must be followed by kill()."""

    def __init__(self, process: Process) -> None:
        self.process = process

    async def ask(self, job: dict[str, object], seconds: float) -> dict[str, Any] | None:
        """Return the answer, or None if the process is dead; TimeoutError if its own alarm did not ring."""
        assert self.process.stdin
        assert self.process.stdout
        async with asyncio.timeout(seconds):
            with contextlib.suppress(ConnectionError):
                self.process.stdin.write(json.dumps(job).encode() + b"\n")
                await self.process.stdin.drain()
            line = await self.process.stdout.readline()
        answer: dict[str, Any] | None = json.loads(line) if line.endswith(b"\n") else None
        return answer

    def kill(self) -> None:
        """Kill the process together with the child that works for it."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a zombie
                os.killpg(self.process.pid, signal.SIGKILL)


def key_of(files: dict[str, bytes]) -> str:
    """The key that these files have as a picture: whoever finds them under another one finds them damaged."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(f"{name} {len(data)}\n".encode() + data)
    return digest.hexdigest()[:32]


def _kind(source: bytes | Path, most: int) -> str:
    """Tell the format by the first bytes; a name or a Content-Type would prove nothing."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > most:
        raise Unreadable(f"has {math.ceil(size / 1e5) / 10:.1f} MB; the limit is {most / 1e6:.3g} MB")
    head = source[:4096] if isinstance(source, bytes) else _head(source)
    for magic, kind in FORMATS.items():
        if re.match(magic, head, re.DOTALL):
            return kind
    raise Unreadable(next(sentence for magic, sentence in OTHERS.items() if re.match(magic, head, re.DOTALL)))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _laid_out(source: bytes | Path, folder: Path, kind: str) -> Path:
    """Return the path of what the worker is to read."""
    if kind == "JPEG" and _scans(source if isinstance(source, bytes) else source.read_bytes()) > SCANS:
        raise Unreadable("is a JPEG in too many passes; save it again as an ordinary one")
    if isinstance(source, Path):
        return source.resolve()
    path = folder / "source"
    path.write_bytes(source)
    return path


def _scans(data: bytes) -> int:
    """Count the scans of a JPEG up to its end, the way a decoder meets them; more than SCANS means too many."""
    if data.count(b"\xff\xda") <= SCANS:  # by chance, a video behind a motion photo holds more
        return 0
    scans, at = 0, 2
    for _ in range(10_000):
        marker = MARKER.search(data, at)
        if not marker or marker[0] == b"\xff\xd9":
            return scans
        scans += marker[0] == b"\xff\xda"
        at = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2])
    return SCANS + 1


def _picture(folder: Path, sizes: list[tuple[int, int]]) -> Picture:
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".webp", ".jpg"}}
    return Picture(
        key=key_of(files),
        width=sizes[-1][0],
        height=sizes[-1][1],
        animated="play.webp" in files,
        widths=tuple(width for width, _ in sizes),
        fallback=next(int(Path(name).stem) for name in files if name.endswith(".jpg")),
        files=files,
    )
