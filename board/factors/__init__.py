"""What proves that it is you beside the password, or instead of it: codes of an app, backup codes, passkeys."""

from typing import Any

from board.factors import passkeys, proving, recovery, second_step, two_step
from board.factors.resealing import reseal
from board.kit.db import many

__all__ = ["forget", "passkeys", "proving", "recovery", "reseal", "second_step", "two_step"]

_forget_challenges = many("factors/forget_challenges")
_forget_unfinished = many("factors/forget_unfinished")


async def forget(connection: Any) -> int:
    """Challenges that are over, apps that nobody went on to set up, backup codes that were shown."""
    return len(await _forget_challenges(connection)) + len(await _forget_unfinished(connection))
