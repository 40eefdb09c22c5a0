"""Half way in: the password was right, and the second step is still owed. It lasts 10 minutes, in one browser.

The cookie is a signed random name for a row, which is bound to the account and to its password, and used up once.
"""

import hashlib
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit.cookies import SignedCookie
from board.kit.db import one, value
from board.kit.templates import see_other

SECOND_STEP = "/sign-in/second-step"
CODES = 5

_begin = value("signin/begin_half")
_get = one("signin/get_half")
_try = one("signin/try_half")
_use = one("signin/use_half")


async def begin(
    request: Request, connection: Any, account: Any, next_page: str, tries: list[bytes], *, remember: bool
) -> Response:
    """Send who has shown the right password on to the second step; `tries` are given back once that is right too."""
    token = secrets.token_urlsafe(24)
    await _begin(
        connection,
        token_hash=_hash(token),
        account_id=account["id"],
        next_page=next_page,
        remember=remember,
        tries_keys=tries,
    )
    cookie = _cookie(request)
    response = see_other(request, SECOND_STEP)
    response.headers.append("Set-Cookie", cookie.line(cookie.sign(token), 600))
    return response


async def look(request: Request, connection: Any) -> Any:
    """Who owes the second step in this browser: a row with id, name, role, next_page and remember; or None."""
    return await _with_token(_get, request, connection)


async def attempt(request: Request, connection: Any) -> Any:
    """Count a code before it is checked: the same row with `codes_tried`, or None after five. Not in a transaction."""
    return await _with_token(_try, request, connection, most=CODES)


async def use(request: Request, connection: Any) -> Any:
    """The same row, once: the second step was right. Call it in the transaction that finishes the sign-in."""
    row = await _with_token(_use, request, connection)
    if row is not None:
        await request.app.state.throttle.give_back(connection, row["tries_keys"])
    return row


def clear(request: Request, response: Response) -> Response:
    """Take the cookie from the browser, if there is one."""
    if _cookie(request).read(request.scope) is not None:
        response.headers.append("Set-Cookie", _cookie(request).line("", 0))
    return response


async def _with_token(query: Any, request: Request, connection: Any, **more: Any) -> Any:
    token = _cookie(request).read(request.scope)
    return await query(connection, token_hash=_hash(token), **more) if token else None


def _cookie(request: Request) -> SignedCookie:
    cookie: SignedCookie = request.app.state.half_way_cookie
    return cookie


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
