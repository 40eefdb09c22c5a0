"""The front door: uvicorn, with a bound on how much and how long any one connection may ask of it.

Plain uvicorn 0.54 on httptools takes headers and queued requests without end (1.6 GB from one connection) and waits
for ever for a client that dawdles; here each of these ends with a sentence and a closed connection.
"""

import asyncio
import errno
import logging
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from types import FrameType, SimpleNamespace
from typing import Any, cast

import httptools
import uvicorn
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

SWEEP_SECONDS = 0.5
BETWEEN, HEAD, BODY = range(3)  # which part of a request the next byte belongs to


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one connection may ask. Sizes in bytes; times in seconds, kept to within SWEEP_SECONDS."""

    header_bytes: int = 32_768  # request line and headers; trailers again
    header_count: int = 100
    header_seconds: float = 10
    idle_seconds: float = 15  # between two requests
    min_rate: int = 1024  # bytes a second that a client must send, or read, averaged over the next two spans
    body_seconds: float = 20
    write_seconds: float = 20
    pipelined: int = 64  # requests that wait behind the one being answered
    linger_bytes: int = 64 * 1024 * 1024  # read and thrown away, so that an early answer arrives
    linger_seconds: float = 30


def serve(
    app: ASGIApp,
    *,
    host: str,
    port: int,
    bounds: Bounds = Bounds(),
    trusted_proxies: str = "127.0.0.1",
    graceful_seconds: int = 10,
    on_ready: Callable[[], None] | None = None,
) -> None:
    """Answer requests until SIGTERM or SIGINT, finish those in flight, and return.

    `trusted_proxies`: addresses and networks, with commas, that may say who asks. A stream without an end is to watch
    the asyncio.Event `scope["state"]["stopping"]`. SystemExit says in a sentence why the server can not listen.
    """
    config = uvicorn.Config(
        app,
        http=type("Bounded", (BoundedProtocol,), {"bounds": bounds}),
        ws="none",
        loop="uvloop",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=trusted_proxies,
        timeout_graceful_shutdown=graceful_seconds,
    )
    # No traceback for an upload broken off, nor for a slow download that outlives the grace at the end.
    gone = (ClientDisconnect, asyncio.CancelledError)
    logging.getLogger("uvicorn.error").addFilter(lambda line: not isinstance((line.exc_info or (0, 0))[1], gone))
    server = Server(config)
    server.on_ready = on_ready
    with _listen(host, port) as listener:
        server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        # Else the kernel takes 4 MB of an answer at once, and an honest slow reader seems to stand still.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, 16_384)
        return listener
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        problem = "is taken: set PORT to another" if taken else f"can not be used: {error.strerror}"
        raise SystemExit(f"Port {port} {problem}.") from None


class Server(uvicorn.Server):
    """uvicorn's server, that sweeps out slow connections, tells streams to end, and outlives its signals."""

    on_ready: Callable[[], None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.stopping = self.lifespan.state["stopping"] = asyncio.Event()
        await super().startup(sockets)
        self.sweep()
        if self.started and self.on_ready:
            self.on_ready()

    def sweep(self) -> None:
        # One look at each connection twice a second is cheaper than a timer armed and cancelled with each request.
        loop = asyncio.get_running_loop()
        loop.call_later(SWEEP_SECONDS, self.sweep)
        for connection in list(self.server_state.connections):
            if isinstance(connection, BoundedProtocol) and (now := loop.time()) > connection.deadline:
                connection.overdue(now)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.stopping.set()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # uvicorn's own notes the signal and raises it again at the end: the process died of it, and no `finally` ran.
        self.force_exit |= self.should_exit and sig == signal.SIGINT  # the second Ctrl-C
        self.should_exit = True


class BoundedProtocol(HttpToolsProtocol):
    """One connection. At `deadline` the sweep asks whose turn it is, and whether they used it."""

    bounds: Bounds
    now = deadline = 0.0
    stage = BETWEEN
    backlog = b""  # read from the socket, not yet parsed
    unaccounted = 0  # bytes given to the parser since it last gave something back
    unsent_before = 0  # bytes of the answer still to go when the sweep last looked
    deaf = closing = False  # deaf: refused, and no longer parsed
    running: RequestResponseCycle | None = None  # the request being answered; `cycle` is the last one read

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.wire = transport
        # uvicorn closes at the end of an answer, and with unread bytes in the socket that is a reset, which destroys
        # the answer on its way. So it gets a stand-in for the transport, whose close is ours.
        stand_in = SimpleNamespace(write=transport.write, close=self.finish, is_closing=lambda: self.closing)
        self.transport = cast(asyncio.Transport, stand_in)
        self.deadline = self.loop.time() + self.bounds.header_seconds

    def connection_lost(self, exc: Exception | None) -> None:
        self.closing = True
        if self.running is not None:  # uvicorn tells the last request read, which may be one that waits
            self.running.disconnected = True
            self.running.message_event.set()
        super().connection_lost(exc)

    @property
    def busy(self) -> bool:
        return self.running is not None and not self.running.response_complete

    def data_received(self, data: bytes) -> None:
        if not self.closing:
            self.backlog += data
            return self.parse()
        self.to_discard -= len(data)
        if self.to_discard < 0:
            self.wire.abort()

    def parse(self) -> None:
        # The parser can not be stopped: no piece may hold more requests, of 25 bytes at least, than may wait.
        data, done, size = self.backlog, 0, self.bounds.pipelined * 25
        while done < len(data) and not (self.pipeline or self.deaf or self.closing):
            self.feed(data[done : done + size])
            done += size
        self.backlog = b"" if self.closing else data[done:]
        if self.pipeline or self.backlog:  # uvicorn stops reading, and would not hear that the client leaves
            self.flow.resume_reading()
        if len(self.backlog) > self.bounds.header_bytes:
            self.wire.pause_reading()  # behind the back of flow, which resumes with each receive() of the app
        elif not self.flow.read_paused:
            self.wire.resume_reading()

    def feed(self, piece: bytes) -> None:
        self.now = self.loop.time()
        self.unaccounted += len(piece)
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            pass
        except httptools.HttpParserError:
            self.refuse(431 if len(self.headers or ()) > self.bounds.header_count else 400)
        if self.unaccounted > self.bounds.header_bytes and not self.deaf:
            self.refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.stage = HEAD
        self.unsent_before = 0
        self.deadline = self.now + self.bounds.header_seconds

    def on_headers_complete(self) -> None:
        names = [name for name, _ in self.headers]
        if len(names) > self.bounds.header_count:
            raise ValueError  # feed() turns it into an answer
        if names.count(b"host") != 1 and (b"host" in names or self.parser.get_http_version() != "1.0"):
            raise ValueError  # RFC 9112, 3.2
        upgrade = self.parser.should_upgrade()
        if upgrade and (b"content-length" in names or b"transfer-encoding" in names):
            raise ValueError  # httptools skips this body, and would take it for the next request
        super().on_headers_complete()
        self.headers = []  # uvicorn adds trailers to the headers of the request, X-Forwarded-For among them
        self.stage = BODY
        self.unaccounted = self.received = 0  # received: of the body, since the sweep last looked
        self.deadline = self.now + self.bounds.body_seconds
        if upgrade or self.expect_100_continue:
            # Told no, one client sends its body all the same and another does not: what follows is anyone's guess.
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        self.unaccounted = 0
        self.received += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.stage = BETWEEN
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self.running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.closing:
            return
        if self.stage == BODY and self.cycle is self.running:
            return self.finish()  # an early answer, to a client that still sends
        self.deadline = self.loop.time() + self.bounds.idle_seconds  # also for the rest of half a head
        self.flow.resume_reading()  # the end of a large body may have come after the last receive() of the app
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        if self.backlog:
            self.loop.call_soon(self.parse)

    def refuse(self, status: int) -> None:
        """Put the refusal in line, behind the requests before it, and listen no more."""
        self.deaf = True
        if self.stage == BODY and self.cycle is not self.running:
            self.pipeline.popleft()
            self.cycle = cast(RequestResponseCycle, self.running)
        elif self.stage == BODY:
            self.cycle.disconnected = self.cycle.response_complete = True
            self.cycle.message_event.set()
            if self.cycle.response_started:
                return self.finish()
        self.stage = BETWEEN if status == 408 else HEAD
        super().on_message_begin()
        self.url, self.app = b"/", PlainTextResponse(f"{HTTPStatus(status).description}.\n", status)
        super().on_headers_complete()
        self.cycle.keep_alive = False

    def finish(self) -> None:
        """Close. While the client still sends: end our side, throw away what comes, and close when it has read."""
        if self.closing:
            return
        self.closing = True
        self.deadline = self.loop.time() + self.bounds.linger_seconds
        self.to_discard = self.bounds.linger_bytes
        if self.stage != BETWEEN or self.backlog or self.flow.read_paused:
            self.wire.write_eof()
            self.flow.resume_reading()
            self.wire.resume_reading()
        else:
            self.wire.close()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.unsent_before = 0

    def overdue(self, now: float) -> None:
        if (self.flow.write_paused or not self.busy) and (unsent := self.wire.get_write_buffer_size()):
            self.reads_slowly(now, unsent)
        elif self.closing:
            self.wire.abort()
        elif self.stage == BODY:
            self.sends_slowly(now)
        elif self.busy:
            self.deadline = now + self.bounds.write_seconds
        elif self.stage == HEAD:
            self.refuse(408)
        else:
            self.wire.close()

    def reads_slowly(self, now: float, unsent: int) -> None:
        if self.unsent_before and self.unsent_before - unsent < self.bounds.min_rate * self.bounds.write_seconds:
            self.wire.abort()
        self.unsent_before = unsent
        self.deadline = now + self.bounds.write_seconds

    def sends_slowly(self, now: float) -> None:
        # While the request waits in line, or the app does not read, the client has nothing to answer for.
        ours = self.cycle is not self.running or self.flow.read_paused or self.cycle.waiting_for_100_continue
        if not ours and self.received < self.bounds.min_rate * self.bounds.body_seconds:
            return self.refuse(408)
        self.received = 0
        self.deadline = now + (SWEEP_SECONDS if ours else self.bounds.body_seconds)
