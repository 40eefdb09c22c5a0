"""The end of every way in, and the password asked once more before something that matters."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import forms, passwords
from board.kit.db import value
from board.kit.sessions import own_path
from board.kit.templates import see_other

_get_password = value("accounts/get_password")


async def finish(
    request: Request, connection: Any, account: Any, next_page: str, *, remember: bool = True, joined: bool = False
) -> Response:
    """Begin the session of who has shown all that is asked, and go on to `next_page`, if it is one of ours.

    In a transaction of the caller. `account` needs its id; `joined` says that it was made just now.
    """
    sessions = request.app.state.sessions
    # A session that somebody else may have planted in this browser ends here.
    await sessions.end(connection, request)
    cookie = await sessions.begin(connection, account["id"], request, remember=remember)
    return sessions.set_cookie(see_other(request, own_path(next_page)), cookie, remember=remember)


async def confirmed(request: Request, form: forms.Form) -> bool:
    """Whether the field `current_password` holds the viewer's password; if not, a sentence for it is in the errors.

    Call it outside of a transaction, with no connection held: to check a password takes a while.
    """
    password = form.secret("current_password")
    async with request.app.state.database.connection() as connection:
        stored = await _get_password(connection, account_id=request.state.viewer["id"])
    if await request.app.state.passwords.matches(password[: passwords.LONGEST + 1], stored):
        return True
    form.errors |= {"current_password": "This is not your password. Type the one that you sign in with now."}
    return False
