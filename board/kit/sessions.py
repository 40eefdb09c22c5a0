"""Who asks: a session is a row, and the cookie a signed random name for it. Signing out ends it at once."""

import contextlib
import functools
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from itsdangerous import BadSignature, Signer
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from board.kit.config import Config
from board.kit.db import one, value
from board.kit.errors import SignInNeeded

Endpoint = Callable[[Request], Awaitable[Response]]

_get = one("sessions/get")
_touch = value("sessions/touch")
_create = value("sessions/create")
_delete = value("sessions/delete")


class Sessions:
    """Makes and reads the session cookie."""

    def __init__(self, config: Config) -> None:
        # itsdangerous takes the oldest key first and signs with the last.
        self._signer = Signer([*reversed(config.keys())], salt="board.session", key_derivation="hmac")
        self.cookie = "__Host-session" if config.secure else "session"
        self._secure = config.secure
        self._days = config.session_days

    async def begin(self, connection: Any, account_id: int) -> str:
        """Store a new session for the account and return the cookie's value."""
        token = secrets.token_urlsafe(24)
        await _create(connection, token_hash=_hash(token), account_id=account_id, days=self._days)
        return self._signer.sign(token).decode()

    async def viewer(self, connection: Any, token: str) -> tuple[Any, bool]:
        """The account behind a token or None, and whether the session was prolonged."""
        row = await _get(connection, token_hash=_hash(token))
        if row is not None and row["stale"]:
            return row, await _touch(connection, token_hash=_hash(token), days=self._days) is not None
        return row, False

    async def end(self, connection: Any, request: Request) -> None:
        """Forget the session that the request came with."""
        token = self.token(request.scope)
        if token:
            await _delete(connection, token_hash=_hash(token))

    def token(self, scope: Scope) -> str | None:
        """The token in the request's cookie, if our signature on it is good."""
        for signed in self._cookies(scope):
            with contextlib.suppress(BadSignature, UnicodeDecodeError):
                return self._signer.unsign(signed).decode()
        return None

    def set_cookie(self, response: Response, signed: str) -> Response:
        """Give the browser its session."""
        response.headers.append("Set-Cookie", self._line(signed, self._days * 86_400))
        return response

    def clear_cookie(self, response: Response) -> Response:
        """Take the session from the browser, and what it may have kept of the pages."""
        response.headers.append("Set-Cookie", self._line("", 0))
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    def prolong(self, headers: MutableHeaders, token: str) -> None:
        """Give the browser the same session with a new end, signed by the newest key; not beside a cookie of ours."""
        if not any(line.startswith(f"{self.cookie}=") for line in headers.getlist("Set-Cookie")):
            headers.append("Set-Cookie", self._line(self._signer.sign(token).decode(), self._days * 86_400))

    def _cookies(self, scope: Scope) -> Iterator[str]:
        """All cookies of our name: a browser may send several. Those of others may look as they like."""
        for name, text in scope["headers"]:
            if name == b"cookie":
                for pair in text.decode("latin-1").split(";"):
                    key, _, content = pair.strip().partition("=")
                    if key == self.cookie:
                        yield content

    def _line(self, content: str, seconds: int) -> str:
        line = f"{self.cookie}={content}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
        return f"{line}; Secure" if self._secure else line


class SessionMiddleware:
    """Puts `viewer` into the request's state: the row of the account, or None.

    Below the `public` paths nobody is looked up: what a proxy may keep for everybody must not carry a cookie.
    """

    def __init__(self, app: ASGIApp, public: tuple[str, ...] = ()) -> None:
        self._app = app
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look the viewer up, if there is a cookie of ours that our key signed."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        state = scope.setdefault("state", {})
        state["viewer"] = None
        services = scope["app"].state
        token = None if scope["path"].startswith(self._public) else services.sessions.token(scope)
        if token is None:
            return await self._app(scope, receive, send)
        async with services.database.connection() as connection:
            state["viewer"], prolonged = await services.sessions.viewer(connection, token)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                services.sessions.prolong(MutableHeaders(scope=message), token)
            await send(message)

        await self._app(scope, receive, send_with_cookie if prolonged else send)


def signed_in(endpoint: Endpoint) -> Endpoint:
    """Only for people who are signed in; others are asked to."""

    @functools.wraps(endpoint)
    async def guarded(request: Request) -> Response:
        if request.state.viewer is None:
            raise SignInNeeded("Sign in first.")
        return await endpoint(request)

    return guarded


def sign_in_url(request: Request) -> str:
    """Where to sign in, with the page to come back to: this one, or for a form the page it stands on."""
    here = str(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in ("GET", "HEAD"):
        here = "/"
        with contextlib.suppress(ValueError):
            parts = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
            here = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"/sign-in?next={quote(own_path(here))}"


def own_path(path: str) -> str:
    """The path if it is one of ours, else the front page: `//evil.example` and the like lead nowhere."""
    safe = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    # A longer one would not fit into the Location header that some proxies let through.
    return path if safe and len(path) <= 2_000 else "/"


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
