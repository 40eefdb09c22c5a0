"""Traces for an OpenTelemetry collector: a span for each request, and within it one for each statement and picture.

The packages are loaded only if there is a collector. No span holds an address, a text or a name: the pattern of the
address, the name of the SQL file, and the request's id, by which the log lines are found.
"""

import asyncio
import threading
import time
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from board.kit.config import Config, ConfigError
from board.kit.observe import Seen
from board.kit.peers import came_by_trusted_proxy

_CLOSE_SECONDS = 3
_PARENT = (b"traceparent", b"tracestate")


class Traces:
    """Sends spans to the collector, in a thread, a little late. Raises ConfigError where the packages are missing."""

    def __init__(self, config: Config, version: str) -> None:
        try:
            from opentelemetry import trace
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
            from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
            from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
        except ImportError as error:
            raise ConfigError("OTLP_ENDPOINT needs more packages: pip install 'board[traces]'") from error
        about = {"service.name": "board", "service.version": config.release or version}
        sampler = ParentBased(TraceIdRatioBased(config.trace_share))
        self._provider = TracerProvider(sampler=sampler, resource=Resource.create(about), shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=f"{config.otlp_endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("board")
        self._parents = TraceContextTextMapPropagator()
        self._api = trace

    def request(self, scope: Scope) -> Any:
        """Begin the span of a request: a context manager. A trusted proxy may say of which trace it is a part."""
        given = {}
        if came_by_trusted_proxy(scope):
            given = {name.decode(): text.decode("latin-1") for name, text in scope["headers"] if name in _PARENT}
        parent = self._parents.extract(given) if given else None
        return self._tracer.start_as_current_span(
            "request",
            context=parent,
            kind=self._api.SpanKind.SERVER,
            record_exception=False,  # its words could quote a person
            set_status_on_exception=False,
        )

    def observe(self, seen: Seen) -> None:
        """Tell the span what became of its request."""
        span = self._api.get_current_span()
        span.update_name(f"{seen.method} {seen.route}".rstrip())
        span.set_attribute("http.request.method", seen.method)
        span.set_attribute("http.route", seen.route)
        span.set_attribute("http.response.status_code", seen.status)
        span.set_attribute("http.response.body.size", seen.bytes)
        span.set_attribute("board.request", seen.scope.get("state", {}).get("request_id", ""))
        if seen.status >= 500:
            span.set_status(self._api.StatusCode.ERROR)

    def statement(self, name: str, _started: float, seconds: float) -> None:
        """Watch a statement."""
        self._note(name, seconds, {"db.system.name": "postgresql", "db.query.summary": f"{name}.sql"})

    def picture(self, result: str, _started: float, seconds: float) -> None:
        """Watch a picture that was read, or refused."""
        self._note("picture", seconds, {"board.picture": result})

    async def close(self) -> None:
        """Send what is left, if the collector takes it soon."""
        # A daemon: a collector that hangs must not keep the process from ending.
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        await asyncio.to_thread(closing.join, _CLOSE_SECONDS)

    def _note(self, name: str, seconds: float, attributes: dict[str, str]) -> None:
        """A part of the current request that has just ended; what belongs to none is left out."""
        if self._api.get_current_span().is_recording():
            end = time.time_ns()
            start = end - int(seconds * 1e9)
            kind = self._api.SpanKind.CLIENT
            self._tracer.start_span(name, kind=kind, start_time=start, attributes=attributes).end(end)


class TraceRequests:
    """Outermost of all, and only where there is a collector; `quiet` paths are not traced."""

    def __init__(self, app: ASGIApp, traces: Traces, quiet: tuple[str, ...]) -> None:
        self._app, self._traces, self._quiet = app, traces, quiet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on within its span."""
        if scope["type"] != "http" or scope["path"].startswith(self._quiet):
            return await self._app(scope, receive, send)
        with self._traces.request(scope):
            await self._app(scope, receive, send)
