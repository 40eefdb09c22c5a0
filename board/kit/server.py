"""The front door: uvicorn with bounded connections, that ends without breaking an answer off."""

import asyncio
import errno
import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from board.kit.connection import SWEEP_SECONDS, BoundedProtocol, Bounds

_USUAL = Bounds()


def serve(
    app: ASGIApp,
    *,
    host: str,
    port: int,
    bounds: Bounds = _USUAL,
    trusted_proxies: str = "127.0.0.1",
    drain_seconds: float = 0,
    graceful_seconds: int = 10,
    on_ready: Callable[[], None] | None = None,
) -> None:
    """Answer requests until SIGTERM or SIGINT and `drain_seconds` more, finish those in flight, and return.

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
    server.on_ready, server.drain_seconds = on_ready, drain_seconds
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
    drain_seconds = 0.0

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
        await self.drain()
        await super().shutdown(sockets)

    async def drain(self) -> None:
        """Answer on: a balancer may not have heard yet that we stop. Each answer is now its connection's last."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.drain_seconds
        while loop.time() < end and not self.force_exit:
            await asyncio.sleep(0.1)
            await self.on_tick(0)  # keeps the Date header right

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # uvicorn's own notes the signal and raises it again at the end: the process died of it, and no `finally` ran.
        self.force_exit |= self.should_exit and sig == signal.SIGINT  # the second Ctrl-C
        self.should_exit = True
