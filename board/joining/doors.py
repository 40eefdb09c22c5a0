"""How the door stands for somebody: open to all, to those with an invitation or who are approved, or to nobody."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from board.joining import invitations

_TROUBLES = {
    "used": "This invitation was used already: each is for one person. Ask for another.",
    "revoked": "This invitation was taken back. Ask for another.",
    "expired": "The time of this invitation is over. Ask for another.",
}
_BROKEN = (
    "This is no invitation of this board, or part of its link is missing. Open the whole link, or ask for another."
)


@dataclass(frozen=True, slots=True)
class Door:
    """`invitation` is one that is good, or None; `trouble` says what is wrong with one that is not."""

    opens: bool
    invitation: Any = None
    trouble: str = ""
    # Whether a moderator has to let them in.
    asks: bool = False
    # How hard the challenge is, or None.
    level: int | None = None


async def look(request: Request, connection: Any, token: str) -> Door:
    """The door for somebody with this invitation, or with the empty string."""
    state = request.app.state
    mode = state.config.sign_up
    if mode == "closed":
        return Door(opens=False)
    invitation, trouble = await _invitation(request, connection, token) if token else (None, "")
    if invitation:
        return Door(opens=True, invitation=invitation)
    if mode == "invitation":
        return Door(opens=False, trouble=trouble)
    level = await state.challenges.level(connection)
    return Door(opens=True, trouble=trouble, asks=mode == "approval", level=level)


async def _invitation(request: Request, connection: Any, token: str) -> tuple[Any, str]:
    key = request.app.state.invitations.key(token)
    found = await invitations.get_invitation(connection, key=key) if key else None
    if found is None:
        return None, _BROKEN
    return (found, "") if found["state"] == "open" else (None, _TROUBLES[found["state"]])
