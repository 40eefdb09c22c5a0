"""The pair of keys by which push services know the board (RFC 8292, VAPID): made when the first person asks for it."""

import base64
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from board.kit.config import Config
from board.kit.db import one
from board.kit.seals import Seals

_find = one("push/find_keys")
_get = one("push/get_keys")

_PURPOSE = "push"


@dataclass(frozen=True, slots=True)
class Keys:
    """Both as URL-safe Base64 without padding: the private key's 32 bytes, and the public one's point, 65 bytes."""

    private: str
    public: str

    @classmethod
    async def of(cls, connection: Any, config: Config) -> "Keys":
        """The board's own. Raises seals.Unopened if no key of SECRET_KEYS is the one that it was sealed by."""
        row = await _find(connection)
        if row is None:
            made = cls.make()
            sealed = Seals(config).seal(_PURPOSE, made.private)
            row = await _get(connection, sealed=sealed, public_key=made.public)
        return cls(Seals(config).open(_PURPOSE, row["sealed"]), row["public_key"])

    @classmethod
    def make(cls) -> "Keys":
        """A new pair."""
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_numbers().private_value.to_bytes(32)
        public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return cls(_text(private), _text(public))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
