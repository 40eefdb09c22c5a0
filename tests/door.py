"""A server in a process of its own, and clients on raw sockets who do what no browser would."""

import asyncio
import random
import select
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from board.kit.connection import Bounds
from board.kit.server import serve

MB = 1024 * 1024
SPANS = {"header_seconds": 0.8, "idle_seconds": 0.8, "body_seconds": 0.3, "write_seconds": 0.3, "linger_seconds": 1.5}
BOUNDS = Bounds(min_rate=1000, linger_bytes=30 * MB, **SPANS)
CLOSE = b"Connection: close"
CHUNKED = b"Transfer-Encoding: chunked"
UPGRADE = b"Connection: Upgrade\r\nUpgrade: h2c"
FILLER = b"X-Filler: 0123456789012345678901234567890123456789"
COMMAND = [sys.executable, __file__]
seen = []


def get(path=b"/", *headers, method=b"GET", body=b""):
    return b"\r\n".join([b"%b %b HTTP/1.1" % (method, path), b"Host: board", *headers, b"", body])


def post(path, *headers, body=b""):
    return get(path, *headers, method=b"POST", body=body)


async def chunks(request):
    try:
        while not request.state.stopping.is_set():
            yield b"beat\n"
            with suppress(TimeoutError):
                await asyncio.wait_for(request.state.stopping.wait(), float(request.query_params.get("every", 0.2)))
        yield b"goodbye\n"
    finally:
        seen.append(f"{request.url.query} is over")


async def pieces():
    for _ in range(300):
        yield bytes(70_000)


async def answer(request):
    if request.url.path == "/stream":
        return StreamingResponse(chunks(request))
    if request.url.path == "/big":
        return Response(bytes(20 * MB)) if request.url.query else StreamingResponse(pieces())
    await asyncio.sleep(float(request.query_params.get("wait", 0)))
    try:
        told = {"path": request.url.path, "length": len(await request.body()), "seen": list(seen)}
    except ClientDisconnect:
        seen.append("disconnected")
        raise
    seen.clear()
    told |= {"scheme": request.url.scheme, "client": request.client.host, "headers": dict(request.headers)}
    return JSONResponse(told)


def main(port, drain):
    methods = ["GET", "POST"]
    small = Route("/small", answer, methods=methods, max_body_size=1000)
    app = Starlette(routes=[small, Route("/{path:path}", answer, methods=methods)])
    try:
        ready = partial(print, "ready", flush=True)
        serve(app, host="127.0.0.1", port=port, bounds=BOUNDS, drain_seconds=drain, on_ready=ready)
    finally:
        print("cleaned up", flush=True)


class Door:
    """The server in a process of its own, and what its clients do."""

    def __init__(self, port, process):
        self.port, self.process = port, process
        self.at_rest = self.sockets()

    def connect(self, source="127.0.0.1"):
        return socket.create_connection(("127.0.0.1", self.port), 8, source_address=(source, 0))

    def ask(self, *parts, source="127.0.0.1"):
        """Send the parts, a tenth of a second between them, until the server answers; read until it closes."""
        with self.connect(source=source) as client:
            for number, part in enumerate(parts):
                if number and select.select([client], [], [], 0.1)[0]:
                    break
                send(client, part)
            return read(client)

    def has_seen(self, what):
        return eventually(lambda: what in self.ask(get(b"/", CLOSE)))

    def sockets(self):
        links = []
        for entry in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed since it was listed
                links.append(str(entry.readlink()))
        return sum("socket:" in link for link in links)

    def peak(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024

    @contextmanager
    def flat_memory(self):
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        before = self.peak()
        yield
        assert self.peak() - before < 4 * MB


def send(client, data):
    with suppress(ConnectionError):
        client.sendall(data)


def flood(client, data, seconds=0.5):
    client.setblocking(False)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(BlockingIOError):
            client.send(data)


def read(client, until=b"only the end"):
    """What comes until the end of the connection. A reset, or no end within the timeout, is an error."""
    data = bytearray()
    while until not in data and (more := client.recv(65_536)):
        data += more
    return bytes(data)


def statuses(answers):
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


def together(play, cases):
    """What each client gets, when all of them play their parts at the same time."""
    with ThreadPoolExecutor(len(cases)) as pool:
        return dict(zip(cases, pool.map(play, [parts for parts, _ in cases.values()]), strict=True))


def eventually(condition):
    end = time.monotonic() + 5
    while not (happened := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return happened


@contextmanager
def opened(log, drain=0):
    port = random.randrange(20_000, 32_000)  # above, a client that reconnects to a dead port may connect to itself
    command = [*COMMAND, str(port), str(drain)]
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdout.readline() == "ready\n", log.read_text()
        try:
            yield Door(port, process)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    log = tmp_path_factory.mktemp("server") / "log"
    with opened(log) as door:
        door.ask(get(b"/", CLOSE))
        with door.connect() as client:  # the first stream costs 7 MB once, the next ones nothing
            client.sendall(get(b"/stream"))
            flood(client, get() * 4000)
        yield door, log


@pytest.fixture
def door(shared):
    """No client, whatever it sends, may write in the log: no traceback, and no line that it could repeat."""
    yield shared[0]
    assert shared[1].read_text() == ""


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
