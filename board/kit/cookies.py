"""A cookie that nobody but us can write: signed with the newest of the keys, read with each of them."""

import contextlib
from collections.abc import Iterator

from itsdangerous import BadSignature, Signer
from starlette.types import Scope

from board.kit.config import Config


class SignedCookie:
    """Reads and writes one cookie; `salt` keeps what was signed for one purpose from counting for another."""

    def __init__(self, config: Config, name: str, *, salt: str) -> None:
        # itsdangerous takes the oldest key first and signs with the last.
        self._signer = Signer([*reversed(config.keys())], salt=salt, key_derivation="hmac")
        self.name = f"__Host-{name}" if config.secure else name
        self._secure = config.secure

    def read(self, scope: Scope) -> str | None:
        """What the request's cookie says, if our signature on it is good."""
        for signed in self._sent(scope):
            with contextlib.suppress(BadSignature, UnicodeDecodeError):
                return self._signer.unsign(signed).decode()
        return None

    def is_current(self, scope: Scope, content: str) -> bool:
        """Whether the request's cookie is signed with the newest key."""
        return self.sign(content) in self._sent(scope)

    def sign(self, content: str) -> str:
        """The cookie's value."""
        return self._signer.sign(content).decode()

    def line(self, signed: str, seconds: int | None) -> str:
        """The Set-Cookie line; with None it ends with the browser, with 0 at once."""
        ages = "" if seconds is None else f" Max-Age={seconds};"
        line = f"{self.name}={signed}; Path=/;{ages} HttpOnly; SameSite=Lax"
        return f"{line}; Secure" if self._secure else line

    def _sent(self, scope: Scope) -> Iterator[str]:
        """All cookies of our name: a browser may send several. Those of others may look as they like."""
        for name, text in scope["headers"]:
            if name == b"cookie":
                for pair in text.decode("latin-1").split(";"):
                    key, _, content = pair.strip().partition("=")
                    if key == self.name:
                        yield content
