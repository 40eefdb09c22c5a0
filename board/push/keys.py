"""The pair of keys by which push services know the board (RFC 8292, VAPID): made by a job, once."""

import base64
import contextlib
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from board.kit.config import Config
from board.kit.db import Database, one, value
from board.kit.seals import Seals, Unopened

_get = one("push/get_keys")
_create = value("push/create_keys")
_reseal = value("push/reseal")

_PURPOSE = "push"


@dataclass(frozen=True, slots=True)
class Keys:
    """Both as URL-safe Base64 without padding: the private key's 32 bytes, and the public one's point, 65 bytes."""

    private: str
    public: str

    @classmethod
    async def of(cls, connection: Any, config: Config) -> "Keys":
        """The board's own. Raises Unopened if it was sealed under another key than those of SECRET_KEYS."""
        row = await _get(connection)
        return cls(Seals(config).open(_PURPOSE, row["sealed"]), row["public_key"])

    @classmethod
    def make(cls) -> "Keys":
        """A new pair."""
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_numbers().private_value.to_bytes(32)
        public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return cls(_text(private), _text(public))


async def prepare(database: Database, seals: Seals) -> int:
    """See to it that there is a pair, sealed by the newest of SECRET_KEYS; return whether anything was to be done."""
    async with database.connection() as connection:
        row = await _get(connection)
        if row is None:
            made = Keys.make()
            sealed = seals.seal(_PURPOSE, made.private)
            return await _create(connection, sealed=sealed, public_key=made.public) is not None
        with contextlib.suppress(Unopened):
            if anew := seals.renew(_PURPOSE, row["sealed"]):
                return await _reseal(connection, sealed=row["sealed"], anew=anew) is not None
    return 0


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
