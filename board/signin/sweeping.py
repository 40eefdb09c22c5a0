"""What signing in leaves behind for a while, and no longer."""

from typing import Any

from board.kit.db import many

_forget_sessions = many("sessions/delete_expired")
_forget_halves = many("signin/forget_halves")
_forget_tries = many("signin/forget_tries")


async def forget_sign_ins(connection: Any) -> int:
    """Sessions that are over, second steps that nobody took, tries that do not count any more; return how many."""
    return sum([len(await forget(connection)) for forget in (_forget_sessions, _forget_halves, _forget_tries)])
