"""One connection to the server, with a bound on how much and how long it may ask.

Plain uvicorn 0.54 on httptools takes headers and queued requests without end (1.6 GB from one connection) and waits
for ever for a client that dawdles; here each of these ends with a sentence and a closed connection.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, cast

import httptools
from starlette.responses import PlainTextResponse
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
        if self.app_state["stopping"].is_set():
            self.cycle.keep_alive = False  # said in the answer, so that no request is on its way when we close
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
