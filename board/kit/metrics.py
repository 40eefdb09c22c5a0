"""What is counted for Prometheus at any site: requests, statements, pictures, and how late the event loop is."""

import asyncio

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from board.kit.observe import Observers, Seen

# When each series began, as a series of its own: half of the page, and nobody reads it.
disable_created_metrics()  # type: ignore[no-untyped-call]

PREFIX = "board"
LOOK_SECONDS = 0.5

_REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PICTURE_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
_LAG_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Metrics:
    """The counters of one application, in a registry of their own.

    Labels come from short lists only: the patterns of addresses, known methods, the names of SQL files.
    """

    def __init__(self, observers: Observers) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = self._counter("requests", "Requests answered.", "route", "method", "status")
        self._bytes = self._counter("response_bytes", "Bytes of answers as sent, without headers.", "route")
        self._seconds = self.histogram("request_seconds", "From request to last byte.", _REQUEST_SECONDS, "route")
        self._statements = self._counter("statements", "Statements run, by SQL file.", "statement")
        self._statement_seconds = self._counter("statement_seconds", "Time that they took.", "statement")
        self._pictures = self.histogram("picture_seconds", "Time to read a picture.", _PICTURE_SECONDS, "result")
        self._lag = self.histogram("loop_lag_seconds", "How late the event loop comes to what is due.", _LAG_SECONDS)
        in_flight = Gauge("requests_in_flight", "Requests being answered.", namespace=PREFIX, registry=self.registry)
        in_flight.set_function(lambda: observers.in_flight)
        # Looking a child up by its labels costs more than counting does.
        self._of_request: dict[tuple[str, str, str], tuple[Counter, Counter, Histogram]] = {}
        self._of_statement: dict[str, tuple[Counter, Counter]] = {}

    def request(self, seen: Seen) -> None:
        """Observe a request."""
        # 0: the client left before an answer was begun.
        key = seen.route or "none", seen.method, f"{seen.status // 100}xx" if seen.status else "gone"
        if key not in self._of_request:
            children = self._requests.labels(*key), self._bytes.labels(key[0]), self._seconds.labels(key[0])
            self._of_request[key] = children
        count, size, seconds = self._of_request[key]
        count.inc()
        size.inc(seen.bytes)
        seconds.observe(seen.seconds)

    def statement(self, name: str, _started: float, seconds: float) -> None:
        """Watch a statement."""
        if name not in self._of_statement:
            self._of_statement[name] = self._statements.labels(name), self._statement_seconds.labels(name)
        count, time = self._of_statement[name]
        count.inc()
        time.inc(seconds)

    def picture(self, result: str, _started: float, seconds: float) -> None:
        """Watch a picture that was read, or refused."""
        self._pictures.labels(result).observe(seconds)

    async def watch_loop(self) -> None:
        """Measure how late the event loop is, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)
            self._lag.observe(max(loop.time() - due, 0))

    def histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        """Make another one."""
        return Histogram(name, meaning, labels, buckets=buckets, namespace=PREFIX, registry=self.registry)

    def text(self, *more: Collector) -> bytes:
        """All of it in Prometheus' text format, with what these collectors tell besides."""
        registry = CollectorRegistry(auto_describe=False)
        for collector in more:
            registry.register(collector)
        return generate_latest(self.registry) + generate_latest(registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, namespace=PREFIX, registry=self.registry)
