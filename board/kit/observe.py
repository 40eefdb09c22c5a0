"""What became of each request: measured once, then told to whoever counts or logs it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("board.observe")

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


@dataclass(slots=True)
class Seen:
    """A request that is over. Sizes in bytes as sent, without the headers; times in seconds."""

    scope: Scope  # with the request's headers, and in its state request_id and viewer, where it came so far
    route: str  # the pattern, such as "/threads/{id:id}", so that there are few; empty where no route matched
    status: int  # 0: no answer was begun, since the client left
    content_type: str  # of the answer, without its charset
    bytes: int
    seconds: float
    complete: bool  # whether the answer's end was handed to the server

    @property
    def method(self) -> str:
        """One of the few there are, since a client may send any word."""
        method: str = self.scope.get("method", "")
        return method if method in METHODS else "other"


Observer = Callable[[Seen], None]


class Observers(list[Observer]):
    """Those who are told, and how many requests are being answered."""

    in_flight = 0


class Observe:
    """Outermost of all. Observers are called after the last byte, must not wait, and can not harm the answer."""

    def __init__(self, app: ASGIApp, observers: Observers) -> None:
        self._app = app
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and measure what comes back."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started = time.perf_counter()
        seen = Seen(scope=scope, route="", status=0, content_type="", bytes=0, seconds=0, complete=False)

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                seen.content_type = _content_type(message["headers"])
            elif message["type"] == "http.response.body":
                seen.bytes += len(message.get("body", b""))
                seen.complete = not message.get("more_body", False)
            await send(message)

        self._observers.in_flight += 1
        try:
            await self._app(scope, receive, measured)
        finally:
            self._observers.in_flight -= 1
            seen.seconds = time.perf_counter() - started
            seen.route = getattr(scope.get("route"), "path", "")
            for observer in self._observers:
                try:
                    observer(seen)
                except Exception:
                    log.exception("%s failed", observer)


def _content_type(headers: Any) -> str:
    for name, text in headers:
        if name == b"content-type":
            return str(text.decode("latin-1")).partition(";")[0]
    return ""
