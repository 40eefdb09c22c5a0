"""What every request passes, as pure ASGI: a few microseconds each, where BaseHTTPMiddleware takes 280."""

import logging
import re
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from board.kit import compress, logs
from board.kit.config import Config
from board.kit.errors import BadRequest, Forbidden, Problem, SignInNeeded
from board.kit.peers import came_by_trusted_proxy
from board.kit.sessions import sign_in_url
from board.kit.templates import problem, see_other

log = logging.getLogger("board")

_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Envelope:
    """Outermost: the headers that every answer bears, errors and files too, and one place where errors become answers.

    What nobody expected is logged with the request's id, and the id stands on the page.
    """

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self._app = app
        fixed = {
            "content-security-policy": _POLICY,
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
        }
        if config.secure:
            fixed["strict-transport-security"] = "max-age=63072000; includeSubDomains"
        self._fixed = [(name.encode(), text.encode()) for name, text in fixed.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer for what it raises."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id = _given_id(scope) or secrets.token_hex(6)
        logs.request_id.set(request_id)
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message.setdefault("headers", [])
                given = {name.lower() for name, _ in headers}
                headers.extend(each for each in self._fixed if each[0] not in given)
                headers.append((b"x-request-id", request_id.encode()))
                if b"cache-control" not in given:
                    headers.append((b"cache-control", b"private, no-cache"))
            await send(message)

        try:
            if "\0" in scope["path"] or not scope["query_string"].isascii():
                # PostgreSQL can not take the one, nor Starlette's URL the other; browsers send neither.
                scope = {**scope, "path": "/", "query_string": b""}
                raise BadRequest("The address holds a character that no address can hold. Go to the front page.")
            await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            pass  # who watches requests sees one without an answer
        except Exception as error:
            if started:
                raise
            response = _respond(Request(scope, receive), error, request_id)
            await response(scope, receive, send_with_headers)


def _respond(request: Request, error: Exception, request_id: str) -> Response:
    if isinstance(error, SignInNeeded):
        return see_other(request, sign_in_url(request))
    if not isinstance(error, Problem):
        log.error("failed", exc_info=error)
        error = Problem(f"Something went wrong on our side. Tell who runs the board this number: {request_id}.")
    elif error.status >= 500:
        log.warning("%s after %s", type(error).__name__, logs.described(error.__cause__))
    return problem(request, error)


def _given_id(scope: Scope) -> str:
    """The id that a trusted proxy gave the request, if it is one that can stand in a page and in a log."""
    if came_by_trusted_proxy(scope):
        for name, text in scope["headers"]:
            if name == b"x-request-id" and _ID.fullmatch(text):
                return str(text.decode())
    return ""


class SameOrigin:
    """Refuses a POST that another site's page sent, by the headers that browsers add and pages can not change.

    Sec-Fetch-Site where the browser sends it (https and localhost), else Origin, else Referer (old feature phones).
    Without a configured public origin the host that was asked for counts: a page can not change that one either.
    Below the `signed` paths the address itself is the proof: what mail programs send there bears none of these.
    """

    def __init__(self, app: ASGIApp, config: Config, signed: tuple[str, ...] = ()) -> None:
        self._app = app
        self._origin = config.origin
        self._signed = signed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass what is safe."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD") or self._allows(scope):
            return await self._app(scope, receive, send)
        error = Forbidden(
            "This form came from another address than the board's own. Open the board again and send it from there. "
            "(Who runs the board: PUBLIC_ORIGIN must be the address in the browser.)"
        )
        await problem(Request(scope, receive), error)(scope, receive, send)

    def _allows(self, scope: Scope) -> bool:
        if scope["path"].startswith(self._signed):
            return True
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        try:
            parts = urlsplit(headers.get("origin") or headers.get("referer") or "")
        except ValueError:
            return False
        expected = self._origin or f"{scope['scheme']}://{headers.get('host', '')}"
        return bool(parts.netloc) and f"{parts.scheme}://{parts.netloc}" == expected


class Compress:
    """Compresses a page that is complete in one piece and not compressed yet; streams and pictures pass."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the head of the answer back until its body is known."""
        encoding = compress.choose(Headers(scope=scope).get("accept-encoding", "")) if scope["type"] == "http" else ""
        if not encoding:
            return await self._app(scope, receive, send)
        start: Message | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _compressible(message):
                start = message
                return
            if start is not None and message["type"] == "http.response.body":
                head, start = start, None
                if not message.get("more_body") and len(message.get("body", b"")) >= compress.LEAST_BYTES:
                    message["body"] = compress.compress(message["body"], encoding)
                    headers = MutableHeaders(scope=head)
                    headers["Content-Encoding"] = encoding
                    headers["Content-Length"] = str(len(message["body"]))
                await send(head)
            await send(message)

        await self._app(scope, receive, send_compressed)


def _compressible(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return headers.get("content-type", "").startswith("text/") and "content-encoding" not in headers
