"""What happened to an account: the person sees it on a page of their own and, with an address, gets a mail about it."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import clients
from board.kit.db import many, one
from board.kit.paging import Order
from board.kit.sessions import signed_in
from board.kit.templates import page
from board.mail import Mailer

_create = one("notices/create")
_list = many("notices/list")
_delete_old = many("notices/delete_old")

_PAGE = 25
_BY_ID = Order("")

_LOCK_OUT = "set a new password: the others are signed out by that"


@dataclass(frozen=True, slots=True)
class Kind:
    """A thing that can happen: its sentence, what to do if it was not oneself, and whether somebody else does it."""

    sentence: str  # names in braces are details
    advice: str
    by_others: bool = False
    mailed: bool = True


KINDS = {
    "new device": Kind("Somebody signed in on a device that the account was never used on.", _LOCK_OUT),
    "password changed": Kind("The password was changed; all other devices are signed out.", _LOCK_OUT),
    "password reset": Kind("A new password was set by a link; all devices are signed out.", _LOCK_OUT),
    "reset link made": Kind(
        "Who runs the board made a link to set a new password.",
        "ask who runs the board, and do not pass the link on",
        by_others=True,
    ),
    # The mail would go to the new one, which has just said yes.
    "address added": Kind("An e-mail address was added.", _LOCK_OUT, mailed=False),
    "address changed": Kind(
        "The e-mail address was changed.", "use the link that was mailed to the old address, and set a new password"
    ),
    "address removed": Kind(
        "The e-mail address was removed.", "use the link that was mailed to it, and set a new password"
    ),
    "address restored": Kind(
        "The e-mail address was put back to the one before; all devices are signed out.", _LOCK_OUT
    ),
    "name changed": Kind("The name was changed from {old} to {new}.", _LOCK_OUT),
    "second step on": Kind("Signing in asks for a code too from now on.", _LOCK_OUT),
    "second step off": Kind("Signing in does not ask for a code any more.", _LOCK_OUT),
    "codes tried": Kind(
        "Five wrong codes were typed in a row at the second step, after the right password.",
        "set a new password: somebody else knows it",
    ),
    "factors removed": Kind(
        "Who runs the board removed the second step and all passkeys; the password alone signs in.",
        "ask who runs the board",
        by_others=True,
    ),
    "passkey refused": Kind(
        "The passkey {name} was refused: it counts fewer sign-ins than it was used for, so there may be a copy.",
        f"remove it, and {_LOCK_OUT}",
    ),
    "backup code used": Kind("A backup code was used to sign in; {left} are left.", _LOCK_OUT),
    "backup codes made": Kind("New backup codes were made; the earlier ones are void.", _LOCK_OUT),
    "passkey added": Kind("A passkey was added: {name}.", f"remove it, and {_LOCK_OUT}"),
    "passkey removed": Kind("A passkey was removed: {name}.", _LOCK_OUT),
    "export made": Kind(
        "A copy of everything of the account was made. It can be downloaded under “Take along” until {day}.", _LOCK_OUT
    ),
    "deletion asked": Kind(
        "Somebody asked to delete the account. It goes on {day}; until then, who signs in can keep it.",
        f"call it off on the account's page, and {_LOCK_OUT}",
    ),
    "deletion called off": Kind("The account is not deleted after all.", _LOCK_OUT),
    "board given": Kind("You moderate the board {board} from now on.", "ask who runs the board", by_others=True),
    "board taken": Kind("You do not moderate the board {board} any more.", "ask who runs the board", by_others=True),
    "suspended": Kind(
        "The account was suspended {time}. The reason: {reason}", "ask who runs the board", by_others=True
    ),
    "suspension ended": Kind("The account is not suspended any more.", "ask who runs the board", by_others=True),
    "role changed": Kind("The role was changed from {old} to {new}.", "ask who runs the board", by_others=True),
}


async def tell(request: Request, connection: Any, account_id: int, kind: str, **details: Any) -> None:
    """Write down that it happened, by who sends the request, and mail it, all when the transaction commits.

    `kind` is one of KINDS, `details` what its sentence names. Raises KeyError for others.
    """
    device, network = "", ""
    if not KINDS[kind].by_others:
        device = clients.browser(dict(request.scope["headers"]))
        network = clients.region(request.client.host) if request.client else ""
    await _tell(request.app.state.mailer, connection, account_id, kind, details, device, network)


async def tell_later(mailer: Mailer, connection: Any, account_id: int, kind: str, **details: Any) -> None:
    """The same from a job, which has Mailer(site.config) and knows no device."""
    await _tell(mailer, connection, account_id, kind, details, "", "")


@signed_in
async def index(request: Request) -> Response:
    """GET /account/security: what happened to one's account, newest first."""
    cursor = _BY_ID.read(request.query_params)
    async with request.app.state.database.connection() as connection:
        rows = await _list(
            connection, account_id=request.state.viewer["id"], back=cursor.back, id=cursor.id, size=_PAGE
        )
    found = _BY_ID.cut([{**row, "told": _told(row)} for row in rows], _PAGE, cursor)
    return page(request, "notices/index.html", page=found)


async def forget_old(connection: Any, days: int) -> int:
    """What happened longer ago than that."""
    return len(await _delete_old(connection, days=days))


def _told(row: Any) -> str:
    """The sentence of an event; its kind, if a newer release wrote it that was taken back."""
    kind = KINDS.get(row["kind"])
    return kind.sentence.format(**row["details"]) if kind else f"{row['kind'].capitalize()}."


async def _tell(
    mailer: Mailer, connection: Any, account_id: int, kind: str, details: dict[str, Any], device: str, network: str
) -> None:
    told = KINDS[kind].sentence.format(**details)
    person = await _create(
        connection, account_id=account_id, kind=kind, details=details, device=device, network=network
    )
    if person["address"] and KINDS[kind].mailed:
        await mailer.send(
            connection,
            person["address"],
            "notices/event.txt",
            account_id=account_id,
            name=person["name"],
            sentence=told,
            advice=KINDS[kind].advice,
            device=device,
            network=network,
        )
