"""What a link about an address does: it confirms the new one, or for a week puts back the one before."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices
from board.accounts import get_name, let_in
from board.addresses.asking import VERIFY
from board.addresses.new_password import RESET, over
from board.kit import forms, links, mailboxes
from board.kit.db import many, value
from board.kit.errors import Conflict, Forbidden
from board.kit.templates import page, see_other

# The purpose of the link to the address before, and for how long it is good.
UNDO = "undo address"
UNDO_DAYS = 7

_take = many("addresses/take")
_give = value("addresses/give")
_delete = many("addresses/delete")
_delete_younger = many("links/delete_younger")

_TAKEN = (
    "Another account has this address, and one address belongs to one account. Sign in there and remove it first, or"
    " use another address here."
)


async def confirm_form(request: Request) -> Response:
    """GET /address/confirm: what the link in the mail would do. Looking at it does nothing."""
    return await _form(request, VERIFY, "addresses/confirm.html", "/account/address")


async def confirm(request: Request) -> Response:
    """POST /address/confirm: the address is theirs who asked for it."""
    async with forms.read(request) as form:
        token = form.secret("token")
    async with request.app.state.database.transaction() as connection:
        link = await request.app.state.links.use(connection, VERIFY, token)
        if link is None or not await _confirm(request, connection, link):
            return over(request)
    return see_other(request, "/account/address" if request.state.viewer else "/address/confirmed")


async def confirmed(request: Request) -> Response:
    """GET /address/confirmed: for who is not signed in where they read their mail."""
    return page(request, "addresses/confirmed.html")


async def undo_form(request: Request) -> Response:
    """GET /address/undo: what the link in the mail to the old address would do."""
    return await _form(request, UNDO, "addresses/undo.html", "/account/address")


async def undo(request: Request) -> Response:
    """POST /address/undo: put the old address back, sign everybody out, and go on to a new password."""
    async with forms.read(request) as form:
        token = form.secret("token")
    async with request.app.state.database.transaction() as connection:
        link = await request.app.state.links.use(connection, UNDO, token)
        if link is None:
            return over(request)
        token = await _put_back(request, connection, link)
    return see_other(request, f"/reset?token={token}")


async def offer_undo(request: Request, connection: Any, account_id: int, name: str, old: str, new: str, /) -> None:
    """Tell the old address that it is not the account's any more, with a link that undoes it."""
    state, minutes = request.app.state, UNDO_DAYS * 24 * 60
    await state.links.forget(connection, RESET, account_id)
    token = await state.links.make(connection, UNDO, account_id, {"address": old}, minutes)
    await state.mailer.send(
        connection,
        old,
        "addresses/changed.txt",
        account_id=account_id,
        useful_minutes=minutes,
        name=name,
        new=mailboxes.shown(new) if new else "",
        days=UNDO_DAYS,
        link=state.links.address("/address/undo", token),
    )


async def _form(request: Request, purpose: str, template: str, otherwise: str) -> Response:
    token = request.query_params.get("token")
    if token is None:
        return see_other(request, otherwise)
    async with request.app.state.database.connection() as connection:
        link = await request.app.state.links.look(connection, purpose, token)
        name = await get_name(connection, account_id=link["account_id"]) if link else None
    if link is None:
        return over(request)
    _check_whose(request, link)
    address = mailboxes.shown(link["payload"]["address"])
    return links.discreet(page(request, template, token=token, name=name, address=address))


def _check_whose(request: Request, link: Any) -> None:
    viewer = request.state.viewer
    if viewer is not None and viewer["id"] != link["account_id"]:
        raise Forbidden(
            "This link is for another account than the one that you are signed in with here. Sign out, then open it"
            " again."
        )


async def _confirm(request: Request, connection: Any, link: Any) -> bool:
    """Whether the address still waited for its link. Raises Conflict if it belongs to another account."""
    _check_whose(request, link)
    account_id, address = link["account_id"], link["payload"]["address"]
    rows = await _take(connection, account_id=account_id, address_key=mailboxes.key(address))
    if not rows:
        return False
    name = await _give(connection, account_id=account_id, address=address, address_key=mailboxes.key(address))
    if name is None:
        raise Conflict(_TAKEN)
    await let_in(connection, account_id=account_id, approved=False, verified=True)
    await request.app.state.links.forget(connection, VERIFY, account_id)
    old = [row["address"] for row in rows if row["verified"]]
    if old:
        await offer_undo(request, connection, account_id, name, old[0], address)
    await notices.tell(request, connection, account_id, "address changed" if old else "address added")
    return True


async def _put_back(request: Request, connection: Any, link: Any) -> str:
    """Give the old address back, end what a thief may have left, and return the token to set a new password by."""
    state, account_id, address = request.app.state, link["account_id"], link["payload"]["address"]
    _check_whose(request, link)
    await _delete(connection, account_id=account_id)
    if await _give(connection, account_id=account_id, address=address, address_key=mailboxes.key(address)) is None:
        raise Conflict(_TAKEN)
    # The older link wins: what a thief changed later, they can not undo in their favour.
    await _delete_younger(connection, account_id=account_id, purpose=UNDO, created_at=link["created_at"])
    for purpose in (VERIFY, RESET):
        await state.links.forget(connection, purpose, account_id)
    await state.sessions.end_all(connection, account_id)
    await notices.tell(request, connection, account_id, "address restored")
    return str(await state.links.make(connection, RESET, account_id))
