"""Whole pages for strangers, who see the same if they chose the same: rendered once, kept compressed, for a second.

There is nothing to invalidate: a page is rendered anew at the first request after its time. A crowd that comes for a
page that is not there waits for one rendering.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import compress

Make = Callable[[], Awaitable[str]]
VARY = "HX-Request, HX-Request-Type, Cookie, Save-Data, Accept-Encoding"


class _Page:
    __slots__ = ("bodies", "born", "etag")

    def __init__(self, html: bytes, born: float) -> None:
        self.born = born
        self.bodies = {"": html}
        self.etag = f'W/"{hashlib.blake2b(html, digest_size=9).hexdigest()}"'

    def body(self, encoding: str) -> bytes:
        if encoding not in self.bodies:
            self.bodies[encoding] = compress.compress(self.bodies[""], encoding, kept=True)
        return self.bodies[encoding]

    def weight(self) -> int:
        return 2 * len(self.bodies[""])


class PageCache:
    """Pages by key, each at most `seconds` old, all of them at most `most_bytes`; the least used go first."""

    def __init__(self, seconds: float, most_bytes: int) -> None:
        self._seconds = seconds
        self._most_bytes = most_bytes
        self.bytes = self.hits = self.misses = 0
        self._pages: OrderedDict[Any, _Page] = OrderedDict()
        self._making: dict[Any, tuple[float, asyncio.Task[_Page]]] = {}

    async def response(self, request: Request, make: Make, fragment: bool = False) -> Response:
        """The page for this address or its fragment, made by `make` if none is fresh; 304 if the browser has it."""
        headers = request.headers
        # Never the cookie itself: of what it may say, only what counts makes another page.
        chosen = getattr(request.state, "settings", None)
        key = (request.scope["path"], request.scope["query_string"], fragment, chosen)
        page = self._fresh(key)
        if page is None:
            self.misses += 1
            page = await self._make(key, make)
        else:
            self.hits += 1
        answer = {"ETag": page.etag, "Vary": VARY, "Content-Type": "text/html; charset=utf-8"}
        if page.etag in headers.get("if-none-match", ""):
            return Response(status_code=304, headers=answer)
        encoding = compress.choose(headers.get("accept-encoding", ""))
        if encoding:
            answer["Content-Encoding"] = encoding
        return Response(page.body(encoding), headers=answer)

    def _fresh(self, key: Any) -> _Page | None:
        page = self._pages.get(key)
        if page is None or time.monotonic() - page.born >= self._seconds:
            return None
        self._pages.move_to_end(key)
        return page

    async def _make(self, key: Any, make: Make) -> _Page:
        """Render once for all who wait. Born when the rendering begins: what it reads can not be newer than that."""
        if not self._seconds:
            return _Page((await make()).encode(), 0)
        now = time.monotonic()
        born, task = self._making.get(key, (now, None))
        # What a slow rendering has read may be older than what the one who comes now may be shown.
        if task is None or now - born >= self._seconds:
            task = asyncio.create_task(self._render(key, make, now))
            self._making[key] = now, task
        # One impatient reader who leaves must not take the page from the others.
        return await asyncio.shield(task)

    async def _render(self, key: Any, make: Make, born: float) -> _Page:
        try:
            page = _Page((await make()).encode(), born)
            self._keep(key, page)
            return page
        finally:
            if self._making.get(key, (0.0, None))[1] is asyncio.current_task():
                del self._making[key]

    def _keep(self, key: Any, page: _Page) -> None:
        old = self._pages.pop(key, None)
        if old and old.born > page.born:
            page = old
        self.bytes += page.weight() - (old.weight() if old else 0)
        self._pages[key] = page
        while self.bytes > self._most_bytes and self._pages:
            self.bytes -= self._pages.popitem(last=False)[1].weight()
