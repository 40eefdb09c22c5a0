"""Browsers that somebody signed in with before: nobody else's tries hold these up, and a sign-in there is no news.

A signed cookie holds a random number and the ids of the accounts, and the board keeps nothing of it. After OWASP, "Slow
Down Online Guessing Attacks with Device Cookies".
"""

import re
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit.cookies import SignedCookie

# As long as browsers keep any cookie (RFC 6265bis, section 5.5).
_SECONDS = 400 * 86_400
_MOST_ACCOUNTS = 8
_CONTENT = re.compile(r"[\w-]{16}(\.\d{1,18}){1,8}")


def known(request: Request, account: Any) -> str | None:
    """The random name of the browser, if this account has signed in with it."""
    name, accounts = _read(request)
    return name if account is not None and account["id"] in accounts else None


def remember(request: Request, response: Response, account_id: int) -> Response:
    """Let the browser show from now on that this account has signed in with it."""
    name, accounts = _read(request)
    accounts = [*(each for each in accounts if each != account_id), account_id][-_MOST_ACCOUNTS:]
    cookie = _cookie(request)
    content = ".".join([name or secrets.token_urlsafe(12), *map(str, accounts)])
    response.headers.append("Set-Cookie", cookie.line(cookie.sign(content), _SECONDS))
    return response


def _read(request: Request) -> tuple[str, list[int]]:
    content = _cookie(request).read(request.scope) or ""
    if not _CONTENT.fullmatch(content):
        return "", []
    name, *accounts = content.split(".")
    return name, [int(each) for each in accounts]


def _cookie(request: Request) -> SignedCookie:
    cookie: SignedCookie = request.app.state.device_cookie
    return cookie
