"""Who asks: a session is a row, and the cookie a signed random name for it. Signing out ends it at once."""

import contextlib
import functools
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from board.kit import clients
from board.kit.config import Config
from board.kit.cookies import SignedCookie
from board.kit.db import many, one, value
from board.kit.errors import SignInNeeded

Endpoint = Callable[[Request], Awaitable[Response]]

_get = one("sessions/get")
_touch = value("sessions/touch")
_create = value("sessions/create")
_delete = value("sessions/delete")
_delete_all = many("sessions/delete_all")

_DAY = 86_400


class Sessions:
    """Makes, reads and ends sessions.

    One that is remembered lasts until its person stays away for `session_days`, and a year at most. One that is not
    ends with the browser, which may never be closed: so 12 hours after its last use as well, and after a day at most.
    """

    def __init__(self, config: Config) -> None:
        self._cookie = SignedCookie(config, "session", salt="board.session")
        self.cookie = self._cookie.name
        self._remembered = (config.session_days * _DAY, max(365, config.session_days) * _DAY)
        self._passing = (12 * 3600, _DAY)

    async def begin(
        self, connection: Any, account_id: int, request: Request | None = None, *, remember: bool = True
    ) -> str:
        """Store a new session for the account, on the device that asks, and return the cookie's value."""
        token = secrets.token_urlsafe(24)
        await _create(
            connection,
            token_hash=_hash(token),
            account_id=account_id,
            seconds=self._lives(remember)[0],
            remembered=remember,
            device=clients.browser(dict(request.scope["headers"])) if request else "",
            network=_region(request) if request else "",
        )
        return self._cookie.sign(token)

    async def viewer(self, connection: Any, token: str) -> Any:
        """The account behind a token, or None."""
        return await _get(connection, token_hash=_hash(token))

    async def prolong(self, connection: Any, scope: Scope, token: str, viewer: Any) -> str | None:
        """Once an hour, or when its cookie bears an older key, give a session a new end; return the cookie's line."""
        if not viewer["stale"] and self._cookie.is_current(scope, token):
            return None
        idle, most = self._lives(viewer["remembered"])
        network = _region(HTTPConnection(scope))
        left = await _touch(connection, token_hash=_hash(token), idle=idle, most=most, network=network)
        return left and self._cookie.line(self._cookie.sign(token), left if viewer["remembered"] else None)

    async def end(self, connection: Any, request: Request) -> None:
        """Forget the session that the request came with."""
        token = self.token(request.scope)
        if token:
            await _delete(connection, token_hash=_hash(token))

    async def end_all(self, connection: Any, account_id: int, but: str | None = None) -> int:
        """Forget all sessions of an account, but for that of the token `but`; return how many there were."""
        return len(await _delete_all(connection, account_id=account_id, but=_hash(but) if but else None))

    def token(self, scope: Scope) -> str | None:
        """The token in the request's cookie, if our signature on it is good."""
        return self._cookie.read(scope)

    def set_cookie(self, response: Response, signed: str, *, remember: bool = True) -> Response:
        """Give the browser its session."""
        seconds = self._lives(remember)[0] if remember else None
        response.headers.append("Set-Cookie", self._cookie.line(signed, seconds))
        return response

    def clear_cookie(self, response: Response) -> Response:
        """Take the session from the browser, and what it may have kept of the pages."""
        response.headers.append("Set-Cookie", self._cookie.line("", 0))
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    def _lives(self, remember: bool) -> tuple[int, int]:
        """The seconds that a session lasts without use, and with."""
        return self._remembered if remember else self._passing


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
        sessions, line = services.sessions, None
        async with services.database.connection() as connection:
            state["viewer"] = viewer = await sessions.viewer(connection, token)
            if viewer is not None:
                line = await sessions.prolong(connection, scope, token, viewer)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # Not beside a cookie that signing in or out has set.
                if line and not any(each.startswith(f"{sessions.cookie}=") for each in headers.getlist("Set-Cookie")):
                    headers.append("Set-Cookie", line)
            await send(message)

        await self._app(scope, receive, send_with_cookie if line else send)


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


def _region(connection: HTTPConnection) -> str:
    return clients.region(connection.client.host) if connection.client else ""


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
