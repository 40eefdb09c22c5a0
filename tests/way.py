"""A way to a server that a test can close, so that nobody gets in, or block, so that nobody gets an answer."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any


class Way:
    """A port on loopback that leads to another one. It has a thread of its own: a test may block the event loop."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self._target = port, target
        self._loop = asyncio.new_event_loop()
        self._clients: set[asyncio.Task] = set()
        self._clear = asyncio.Event()
        self._clear.set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._open())

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Connections break, and new ones are refused."""
        self._do(self._close())
        try:
            yield
        finally:
            self._do(self._open())

    @contextmanager
    def blocked(self) -> Iterator[None]:
        """Whoever asks is listened to, and waits; what was asked meanwhile never arrives."""
        self._loop.call_soon_threadsafe(self._clear.clear)
        try:
            yield
        finally:
            self._do(self._drop())
            self._loop.call_soon_threadsafe(self._clear.set)

    def stop(self) -> None:
        """Close it for good."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._lead, "127.0.0.1", self.port)

    async def _close(self) -> None:
        self._server.close()
        await self._drop()

    async def _drop(self) -> None:
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.current_task()
        self._clients.add(client)
        there = None
        try:
            from_there, there = await asyncio.open_connection("127.0.0.1", self._target)
            await asyncio.gather(self._copy(reader, there), self._copy(from_there, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._clients.discard(client)
            for each in (writer, there):
                if each:
                    each.transport.abort()

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while piece := await source.read(65_536):
            await self._clear.wait()
            target.write(piece)
            await target.drain()
        with contextlib.suppress(OSError):
            target.write_eof()
