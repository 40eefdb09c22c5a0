"""What a passkey answered is true: it is of our origin, asked by us, not sent before, and the account's own."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices, signin
from board.factors.ceremony import Refused
from board.kit import clients, forms
from board.kit.db import one, value

_get = one("factors/get_passkey")
_use = value("factors/use_passkey")

_GONE = "This passkey is not known here. Perhaps it was removed: sign in another way, then add it again."
_COPIED = "This passkey was used before in a way that it does not know of: there may be a copy. Sign in another way."


async def sign_in(request: Request) -> Response:
    """POST /sign-in/passkey: whoever holds it. The device has checked who that is, so it counts for both steps."""
    async with forms.read(request) as form:
        request.app.state.limits.take("passkey", clients.sender(request))
        text, next_page, remember = form.secret("credential"), form.raw("next"), form.has("remember")
    try:
        account = await prove(request, text)
    except Refused as error:
        return signin.start_over(request, str(error), next_page)
    async with request.app.state.database.transaction() as connection:
        return await signin.finish(request, connection, account, next_page, remember=remember)


async def prove(request: Request, text: str, account_id: int | None = None) -> Any:
    """The account whose passkey answered: the one that is expected, or whichever it is. Raises Refused."""
    ceremonies = request.app.state.ceremonies
    answer = ceremonies.read(text)
    async with request.app.state.database.connection() as connection:
        await ceremonies.take(connection, f"step {account_id}" if account_id else "sign in", answer.challenge)
        passkey = await _get(connection, credential_id=answer.credential_id)
    if passkey is None or account_id not in (None, passkey["id"]):
        raise Refused(_GONE)
    if answer.handle != passkey["handle"].bytes and (answer.handle or account_id is None):
        raise Refused(_GONE)
    count = ceremonies.count(answer, passkey["public_key"], verified=account_id is None)
    async with request.app.state.database.transaction() as connection:
        used = await _use(connection, passkey_id=passkey["passkey_id"], sign_count=count)
        if used is None:
            await notices.tell(request, connection, passkey["id"], "passkey refused", name=passkey["passkey_name"])
    if used is None:
        raise Refused(_COPIED)
    return passkey
