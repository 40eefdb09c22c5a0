"""Doors from here into a machine of tests/ops/machine.py: ports of the loopback, and clients that come as people do."""

import asyncio
import ctypes
import os
import socket
import threading
from collections.abc import Callable
from typing import Any

import httpx

NEW_NET = 0x40000000  # CLONE_NEWNET
_libc = ctypes.CDLL(None, use_errno=True)


class Door:
    """A port of this machine's loopback that leads to a host and port inside, until it is closed.

    `where` is asked at each connection, so that it may lead elsewhere than before, as a Service does.
    """

    def __init__(self, pid: int, where: Callable[[], tuple[str, int]]) -> None:
        self._where = where
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._passing: set[asyncio.Task[None] | None] = set()  # the loop itself would let them go
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """How to reach it from here."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Let nobody through any more."""
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()
        os.close(self._namespace)

    def _work(self) -> None:
        # A thread may move to another network alone; the listener stays where it was made.
        assert _libc.setns(self._namespace, NEW_NET) == 0, os.strerror(ctypes.get_errno())
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with await asyncio.start_server(self._let_through, sock=self._listener):
            await self._closing.wait()
        passing = asyncio.all_tasks() - {asyncio.current_task()}
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)

    async def _let_through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._passing.add(task := asyncio.current_task())
        try:
            await self._pass(reader, writer)
        finally:
            self._passing.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection(*self._where())
        except OSError:
            writer.transport.abort()
            return
        try:
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        except asyncio.CancelledError:
            pass
        finally:
            for each in (writer, inner_writer):
                each.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.transport.abort()


class Ingress(httpx.BaseTransport):
    """What ends TLS before the app: keeps the Host, says who asks, and knows where the app is."""

    def __init__(self, url: str, address: str) -> None:
        self._inside, self._address = httpx.URL(url), address
        self._transport = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = request.headers.copy()
        headers.update({"X-Forwarded-For": self._address, "X-Forwarded-Proto": request.url.scheme})
        url = request.url.copy_with(scheme=self._inside.scheme, host=self._inside.host, port=self._inside.port)
        extensions = {name: value for name, value in request.extensions.items() if name == "timeout"}
        passed = httpx.Request(request.method, url, headers=headers, stream=request.stream, extensions=extensions)
        return self._transport.handle_request(passed)

    def close(self) -> None:
        self._transport.close()


def client(url: str, origin: str, address: str = "192.0.2.1", **options: Any) -> httpx.Client:
    """A browser without JavaScript at `address`, for the board at `origin`, whose Ingress leads to `url`."""
    headers = {"Origin": origin, **options.pop("headers", {})}
    return httpx.Client(
        transport=Ingress(url, address), base_url=origin, headers=headers, **{"timeout": 120, **options}
    )
