"""Replicas of the server as processes, and before them what Kubernetes puts there: probes, endpoints, a Service."""

import asyncio
import itertools
import os
import random
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

PROBE_SECONDS = 0.1
PRE_STOP_SECONDS = 0.5


class Replica:
    """`board serve` in a process; `colour` is the label of its pod."""

    def __init__(self, settings: dict[str, str], log: Path, colour: str = "") -> None:
        self.port, self.colour = random.randrange(20_000, 32_000), colour
        self.settings, self.log = settings, log
        self.ready = self.ending = False

    async def start(self) -> None:
        """Begin; the Service's probe finds out when it is ready."""
        environment = {"PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": str(self.port), **self.settings}
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "board", "serve", env=environment, stdout=log, stderr=log
            )

    async def end(self) -> int:
        """As Kubernetes does it: no endpoint any more, preStop, SIGTERM. Returns the exit status."""
        self.ending = True
        await asyncio.sleep(PRE_STOP_SECONDS)
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), 45)


class Service:
    """Sends each new connection to the next ready replica that `selects` picks, and leaves it there, like kube-proxy.

    It knows nothing of HTTP, and what goes wrong it does not try again.
    """

    def __init__(self, selects: Callable[[Replica], bool] = lambda replica: True) -> None:
        self.replicas: list[Replica] = []
        self.served: dict[Replica, int] = {}
        self._selects, self._turn = selects, itertools.count()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """The address, while it stands; at the end every replica is gone."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        prober = asyncio.create_task(self._probe())
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            prober.cancel()
            server.close()
            for replica in self.replicas:
                with suppress(ProcessLookupError):
                    replica.process.kill()
                await replica.process.wait()

    async def add(self, replica: Replica) -> Replica:
        """Start a replica and wait until it is ready."""
        await replica.start()
        self.replicas.append(replica)
        async with asyncio.timeout(60):
            while not replica.ready:
                assert replica.process.returncode is None, replica.log.read_text()
                await asyncio.sleep(PROBE_SECONDS)
        return replica

    async def _probe(self) -> None:
        async with httpx.AsyncClient(timeout=2) as client:
            while True:
                for replica in self.replicas:
                    with suppress(httpx.HTTPError):
                        answer = await client.get(f"http://127.0.0.1:{replica.port}/health/ready")
                        replica.ready = answer.status_code == 200
                await asyncio.sleep(PROBE_SECONDS)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        endpoints = [each for each in self.replicas if each.ready and not each.ending and self._selects(each)]
        if not endpoints:
            return writer.close()
        replica = endpoints[next(self._turn) % len(endpoints)]
        self.served[replica] = self.served.get(replica, 0) + 1
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", replica.port)
        except OSError:
            return writer.close()
        await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Bytes of one direction, and its end."""
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
