"""Links that work once, as mails have them: opening one shows what it does, its button does it."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from itsdangerous import BadSignature, Signer
from starlette.responses import Response

from board.kit.config import Config
from board.kit.db import Row, many, one, value

_create = value("links/create")
_get = one("links/get")
_use = one("links/use")
_delete_by_account = many("links/delete_by_account")
_delete_expired = many("links/delete_expired")


class Links:
    """Makes tokens, each good for one purpose, once, for a while. A token is 60 characters that need no escape.

    The signature spares the database what was never ours. What counts is the row, found by the token's hash.
    """

    def __init__(self, config: Config) -> None:
        # itsdangerous takes the oldest key first and signs with the last.
        self._keys = [*reversed(config.keys())]
        self._origin = config.address

    async def make(
        self,
        connection: Any,
        purpose: str,
        account_id: int | None,
        payload: Mapping[str, Any] | None = None,
        minutes: int = 30,
    ) -> str:
        """Store what the link is good for and return its token."""
        token = secrets.token_urlsafe(24)
        await _create(
            connection,
            token_hash=_hash(token),
            purpose=purpose,
            account_id=account_id,
            payload=dict(payload or {}),
            minutes=minutes,
        )
        return self._signer(purpose).sign(token).decode()

    async def look(self, connection: Any, purpose: str, token: str) -> Row | None:
        """What the token is good for (account_id, payload, created_at, expires_at), or None. It stays good."""
        hashed = self._read(purpose, token)
        return await _get(connection, token_hash=hashed, purpose=purpose) if hashed else None

    async def use(self, connection: Any, purpose: str, token: str) -> Row | None:
        """The same, and it is good for nothing any more once the transaction commits. One of several gets the row."""
        hashed = self._read(purpose, token)
        return await _use(connection, token_hash=hashed, purpose=purpose) if hashed else None

    async def forget(self, connection: Any, purpose: str, account_id: int) -> int:
        """End what is out for an account; return how many there were."""
        return len(await _delete_by_account(connection, purpose=purpose, account_id=account_id))

    def address(self, path: str, token: str) -> str:
        """The whole address of a link, to be mailed: on the configured origin, never on the host of a request."""
        return f"{self._origin}{path}?token={token}"

    def _signer(self, purpose: str) -> Signer:
        return Signer(self._keys, salt=f"board.link.{purpose}", key_derivation="hmac")

    def _read(self, purpose: str, token: str) -> bytes | None:
        try:
            return _hash(self._signer(purpose).unsign(token).decode())
        except (BadSignature, UnicodeError):
            return None


async def forget_expired(connection: Any) -> int:
    """Links that are over."""
    return len(await _delete_expired(connection))


def discreet(response: Response) -> Response:
    """Keep the address of a page that a link leads to out of caches, and of what the browser tells as referrer.

    Not `no-referrer`: under it browsers send `Origin: null` with the page's own form, which is then refused where
    they do not send Sec-Fetch-Site either (http, and browsers from before 2023).
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
