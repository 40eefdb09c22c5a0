"""How often something may be done, counted in the database: for all replicas together, and over a restart."""

import hashlib
from dataclasses import dataclass
from typing import Any

from board.kit.config import Config
from board.kit.db import many

_take = many("quotas/take")
_delete_rested = many("quotas/delete_rested")


@dataclass(frozen=True, slots=True)
class Quota:
    """`burst` at once, and `burst` more in each `seconds` after that, for each who or what it is about."""

    name: str
    burst: int
    seconds: float


class Quotas:
    """Counts by hashes that our key makes: the table names nobody."""

    def __init__(self, config: Config) -> None:
        self._secret = config.keys()[0].encode()
        self._enforced = config.rate_limits

    async def take(self, connection: Any, asked: dict[Quota, object]) -> bool:
        """Count one action against each quota, for whom or what it is about; whether all of them allow it."""
        if not self._enforced:
            return True
        keys = [self._key(quota, about) for quota, about in asked.items()]
        taken = await _take(
            connection,
            keys=keys,
            intervals=[quota.seconds / quota.burst for quota in asked],
            tolerances=[float(quota.seconds) for quota in asked],
        )
        return len(taken) == len(keys)

    def _key(self, quota: Quota, about: object) -> bytes:
        return hashlib.blake2b(f"{quota.name}\0{about}".encode(), key=self._secret[:64], digest_size=16).digest()


async def forget_rested(connection: Any) -> int:
    """Whoever may do as much as ever again."""
    return len(await _delete_rested(connection))
