"""The end of every way in, and the password asked once more before something that matters."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices, settings
from board.kit import forms, passwords
from board.kit.db import one, value
from board.kit.errors import Forbidden, TooMany
from board.kit.sessions import own_path
from board.kit.templates import day, see_other
from board.signin import devices, half_way, throttle

_get_password = value("accounts/get_password")
_get_suspension = one("accounts/get_suspension")


async def finish(
    request: Request, connection: Any, account: Any, next_page: str, *, remember: bool = True, joined: bool = False
) -> Response:
    """Begin the session of who has shown all that is asked, and go on to `next_page`, if it is one of ours.

    In a transaction of the caller. `account` needs its id; `joined` says that it was made just now, so that its device
    is no news. Raises Forbidden for who is suspended.
    """
    sessions = request.app.state.sessions
    await _refuse_suspended(connection, account["id"])
    if not joined and not devices.known(request, account):
        await notices.tell(request, connection, account["id"], "new device")
    # A session that somebody else may have planted in this browser ends here.
    await sessions.end(connection, request)
    cookie = await sessions.begin(connection, account["id"], request, remember=remember)
    await settings.take_over(request, connection, account["id"])
    response = sessions.set_cookie(see_other(request, own_path(next_page)), cookie, remember=remember)
    half_way.clear(request, response)
    # On a computer that is not one's own nothing stays behind.
    return devices.remember(request, response, account["id"]) if remember else response


async def confirmed(request: Request, form: forms.Form) -> bool:
    """Whether the field `current_password` holds the viewer's password; if not, a sentence for it is in the errors.

    Call it outside of a transaction, with no connection held: to check a password takes a while.
    """
    state, password = request.app.state, form.secret("current_password")
    try:
        async with state.database.connection() as connection:
            stored = await _get_password(connection, account_id=request.state.viewer["id"])
            tries = await state.throttle.take_again(request, connection)
    except TooMany as error:
        sentence = f"That was tried too often. Wait {throttle.in_words(error.seconds)}, then try again."
        form.errors |= {"current_password": sentence}
        return False
    if await state.passwords.matches(password[: passwords.LONGEST + 1], stored, known=True):
        async with state.database.connection() as connection:
            await state.throttle.give_back(connection, tries)
        return True
    form.errors |= {"current_password": "This is not your password. Type the one that you sign in with now."}
    return False


async def _refuse_suspended(connection: Any, account_id: int) -> None:
    suspension = await _get_suspension(connection, account_id=account_id)
    if suspension is not None:
        until = f"until {day(suspension['until'])}" if suspension["until"] else "for good"
        reason = f" The reason: {suspension['reason']}" if suspension["reason"] else ""
        raise Forbidden(f"This account is suspended {until}.{reason}")
