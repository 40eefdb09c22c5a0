"""Many browsers at once: wrk where there is one, else a small client of our own, which also casts the votes."""

import asyncio
import re
import shutil
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httptools
import uvloop

from bench.boards import BROWSER, HOST, Server

CONNECTIONS = 32
WRK = shutil.which("wrk")
_SUMMARY = Path(__file__).with_name("summary.lua")


@dataclass
class Figures:
    """One measurement. Times in milliseconds; CPU of the server in microseconds a request."""

    per_second: float
    p50: float
    p99: float
    count: int = 0
    cpu: float | None = None
    failed: int = 0
    client_share: float = 0  # of a core
    statuses: Counter[int] = field(default_factory=Counter)


def get(server: Server, path: str, seconds: float, headers: Mapping[str, str] | None = None) -> Figures:
    """Ask for one page over and over."""
    headers = BROWSER | (headers or {})
    before = server.cpu_seconds()
    figures = (_by_wrk if WRK else _by_ourselves)(server, path, seconds, headers)
    figures.cpu = _cpu(server, before, figures.count)
    if figures.failed:
        raise RuntimeError(f"{path}: {figures.failed} requests failed")
    return figures


def warm(server: Server, path: str, headers: Mapping[str, str] | None = None) -> None:
    """Ask a few hundred times, so that plans are made, templates compiled and connections open."""
    _by_ourselves(server, path, 0.3, BROWSER | (headers or {}))


def middle(rounds: list[Figures]) -> Figures:
    """The medians of several rounds; failures of all of them."""
    values = {name: statistics.median(getattr(each, name) for each in rounds) for name in ("per_second", "p50", "p99")}
    cpu = [each.cpu for each in rounds if each.cpu is not None]
    return Figures(
        **values,
        cpu=statistics.median(cpu) if cpu else None,
        failed=sum(each.failed for each in rounds),
        client_share=max(each.client_share for each in rounds),
        statuses=sum((each.statuses for each in rounds), Counter()),
    )


def _cpu(server: Server, before: float | None, count: int) -> float | None:
    return None if before is None or not count else (server.cpu_seconds() - before) / count * 1e6


def _by_wrk(server: Server, path: str, seconds: float, headers: Mapping[str, str]) -> Figures:
    words = [word for name, text in headers.items() for word in ("-H", f"{name}: {text}")]
    command = [
        WRK,
        "-t1",
        "--timeout",
        "30s",
        f"-c{CONNECTIONS}",
        f"-d{max(1, round(seconds))}s",
        "-s",
        str(_SUMMARY),
        *words,
    ]
    said = subprocess.run([*command, server.origin + path], capture_output=True, text=True, check=True).stdout
    requests, duration, failed, p50, p99 = map(float, re.search(r"summary (.*)", said)[1].split())
    return Figures(requests / duration * 1e6, p50 / 1000, p99 / 1000, int(requests), failed=int(failed))


def _by_ourselves(server: Server, path: str, seconds: float, headers: Mapping[str, str]) -> Figures:
    lines = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    request = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{server.port}\r\n{lines}\r\n".encode()
    return drive(server, [Reader(request) for _ in range(CONNECTIONS)], seconds)


class Reader:
    """What one browser sends, and what it makes of the answers."""

    good = (200, 304)

    def __init__(self, request: bytes) -> None:
        self._request = request

    def next(self) -> bytes:
        return self._request

    def answered(self, status: int) -> None:
        pass


def drive(server: Server, people: list[Reader], seconds: float) -> Figures:
    """Each person sends, waits for the answer, and sends the next, until the time is over and all are answered."""
    before, worked, began = server.cpu_seconds(), time.process_time(), time.monotonic()
    talks = uvloop.run(_talk(server.port, people, seconds))
    lasted, worked = time.monotonic() - began, time.process_time() - worked
    times = sorted(each for talk in talks for each in talk.times)
    statuses = sum((talk.statuses for talk in talks), Counter())
    count = len(times)
    good = sum(statuses[status] for status in people[0].good)
    return Figures(
        good / lasted,
        *(times[int(count * part)] * 1000 if times else 0 for part in (0.5, 0.99)),
        count=count,
        cpu=_cpu(server, before, count),
        failed=count - good + sum(talk.broken for talk in talks),
        client_share=worked / lasted,
        statuses=statuses,
    )


async def _talk(port: int, people: list[Reader], seconds: float) -> list["_Talk"]:
    loop = asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    talks = [(await loop.create_connection(lambda who=who: _Talk(who, until), HOST, port))[1] for who in people]
    await asyncio.gather(*(talk.over for talk in talks))
    return talks


class _Talk(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self, who: Reader, until: float) -> None:
        self._who, self._until = who, until
        self._parser = httptools.HttpResponseParser(self)
        self.over = asyncio.get_running_loop().create_future()
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.broken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        self.times.append(time.perf_counter() - self._sent)
        self.statuses[status] += 1
        self._who.answered(status)
        self._send()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.over.done():
            self.broken = 1
            self.over.set_result(None)

    def _send(self) -> None:
        self._sent = time.perf_counter()
        if self._sent < self._until:
            self._transport.write(self._who.next())
        else:
            self.over.set_result(None)
            self._transport.close()
