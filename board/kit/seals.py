"""Secrets that have to be read again, encrypted at rest: the newest of SECRET_KEYS encrypts, each of them decrypts.

    seals = Seals(config)
    sealed = seals.seal("authenticator 42", secret)
    secret = seals.open("authenticator 42", sealed)

What was sealed for one purpose opens for no other: a row that is copied to another account is of no use there.
"""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from board.kit.config import Config


class Unopened(Exception):
    """Sealed for another purpose, tampered with, or under a key that is no more."""


class Seals:
    """AES-128-CBC with HMAC-SHA256 (Fernet), under keys made of SECRET_KEYS and the purpose by HKDF (RFC 5869)."""

    def __init__(self, config: Config) -> None:
        self._keys = list(map(str.encode, config.keys()))

    def seal(self, purpose: str, text: str) -> str:
        """The text for the database; each time another one."""
        return self._box(purpose).encrypt(text.encode()).decode()

    def open(self, purpose: str, sealed: str) -> str:
        """The text again. Raises Unopened."""
        try:
            return self._box(purpose).decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeError) as error:
            raise Unopened from error

    def renew(self, purpose: str, sealed: str) -> str | None:
        """The same under the newest key; None if it is so already. Raises Unopened."""
        try:
            _fernet(self._keys[0], purpose).decrypt(sealed.encode())
        except (InvalidToken, UnicodeError):
            return self.seal(purpose, self.open(purpose, sealed))
        return None

    def _box(self, purpose: str) -> MultiFernet:
        return MultiFernet([_fernet(key, purpose) for key in self._keys])


@functools.lru_cache(64)
def _fernet(key: bytes, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"board.seal {purpose}".encode()).derive(key)
    return Fernet(base64.urlsafe_b64encode(derived))
