"""Browsers that are trusted: for 30 days the password alone is enough there.

The cookie names the account, and what changes with its second step and its password; who switches either one off and
on, or trusts no device any more, has ended all of them.
"""

import hmac
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit.cookies import SignedCookie

_LASTS = 30 * 86_400


def give(request: Request, response: Response, account_id: int, second_step: str) -> None:
    """Ask this browser for no second step of the account for a while. `second_step` is of accounts/get_by_key."""
    cookie = _cookie(request)
    signed = cookie.sign(f"{account_id}:{second_step}:{int(time.time()) + _LASTS}")
    response.headers.append("Set-Cookie", cookie.line(signed, _LASTS))


def given(request: Request, account: Any) -> bool:
    """Whether this browser is one, for this account as it is now."""
    told, _, end = (_cookie(request).read(request.scope) or "").rpartition(":")
    expected = f"{account['id']}:{account['second_step']}"
    return hmac.compare_digest(told.encode(), expected.encode()) and int(end) > time.time()


def _cookie(request: Request) -> SignedCookie:
    cookie: SignedCookie = request.app.state.trust_cookie
    return cookie
