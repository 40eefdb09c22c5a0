"""The pair of keys by which push services know the board (RFC 8292, VAPID): made when the first person asks for it."""

import base64
import contextlib
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from board.kit.config import Config
from board.kit.db import Database, one, value
from board.kit.seals import Seals, Unopened

_find = one("push/get_keys")
_reseal = value("push/reseal")
_get = value("push/get_public_key")

_PURPOSE = "push"


@dataclass(frozen=True, slots=True)
class Keys:
    """Both as URL-safe Base64 without padding: the private key's 32 bytes, and the public one's point, 65 bytes."""

    private: str
    public: str

    @classmethod
    async def of(cls, connection: Any, config: Config) -> "Keys":
        """The board's own. Raises Unopened if it was sealed under another key than those of SECRET_KEYS."""
        row = await _find(connection)
        return cls(Seals(config).open(_PURPOSE, row["sealed"]), row["public_key"])

    @classmethod
    def make(cls) -> "Keys":
        """A new pair."""
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_numbers().private_value.to_bytes(32)
        public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return cls(_text(private), _text(public))


async def reseal(database: Database, seals: Seals) -> int:
    """Put the private one under the newest of SECRET_KEYS; return whether it was not."""
    async with database.connection() as connection:
        row = await _find(connection)
        with contextlib.suppress(Unopened):
            if row and (anew := seals.renew(_PURPOSE, row["sealed"])):
                return await _reseal(connection, sealed=row["sealed"], anew=anew) is not None
    return 0


async def public_key(connection: Any, config: Config) -> str:
    """The public one, of a pair that is made now if there is none."""
    made = Keys.make()
    key: str = await _get(connection, sealed=Seals(config).seal(_PURPOSE, made.private), public_key=made.public)
    return key


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
