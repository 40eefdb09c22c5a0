"""Where settings are kept, and how each request comes by its own."""

from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from board.kit.db import value
from board.settings.choices import Settings

# As long as browsers keep any cookie (RFC 6265bis).
_COOKIE_SECONDS = 400 * 86_400

_take_over = value("settings/take_over")


class SettingsMiddleware:
    """Puts `settings` into the request's state: the viewer's, else those in the cookie. Asks the database nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """After the viewer is known."""
        if scope["type"] == "http":
            state = scope.setdefault("state", {})
            kept = state["viewer"]["settings"] if state.get("viewer") else None
            saves_data = Headers(scope=scope).get("save-data", "").strip().lower() == "on"
            state["settings"] = Settings.read(in_cookie(scope) if kept is None else kept, saves_data=saves_data)
        await self._app(scope, receive, send)


def in_cookie(scope: Scope) -> str:
    """The cookie's text, whoever wrote it; empty if there is none."""
    found = ""
    for name, text in scope["headers"]:
        if name == b"cookie":
            for pair in text.decode("latin-1").split(";"):
                key, _, content = pair.strip().partition("=")
                found = content if key == _name(scope) else found
    return found


def put_cookie(request: Request, response: Response, settings: Settings) -> None:
    """Have the browser keep the settings. It is no secret and proves nothing, so it is not signed."""
    text = settings.text()
    line = f"{_name(request.scope)}={text}; Path=/; Max-Age={_COOKIE_SECONDS if text else 0}; HttpOnly; SameSite=Lax"
    response.headers.append("Set-Cookie", f"{line}; Secure" if request.app.state.config.secure else line)


async def take_over(request: Request, connection: Any, account_id: int) -> None:
    """Give an account that has no settings those of the browser, when somebody signs in there."""
    text = Settings.read(in_cookie(request.scope)).text()
    if text:
        await _take_over(connection, account_id=account_id, settings=text)


def _name(scope: Scope) -> str:
    return "__Host-settings" if scope["app"].state.config.secure else "settings"
