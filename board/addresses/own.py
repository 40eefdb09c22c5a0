"""One's own address: add it, change it, take it away. Each asks for the password once more."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices, signin
from board.addresses import changes
from board.addresses.asking import VERIFY, ask_to_verify
from board.kit import forms, mailboxes
from board.kit.db import many, one, value
from board.kit.errors import Forbidden
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other

_PAGE = "/account/address"

_get = one("addresses/get")
_forget_asked = value("addresses/forget_asked")
_delete = many("addresses/delete")


@signed_in
async def show(request: Request) -> Response:
    """GET /account/address"""
    async with request.app.state.database.connection() as connection:
        own = await _get(connection, account_id=request.state.viewer["id"])
    return _show(request, own)


@signed_in
async def ask(request: Request) -> Response:
    """POST /account/address: mail a link to a new address, which takes the place of the old one once it comes back."""
    if request.app.state.config.email == "off":
        raise Forbidden("This board keeps no addresses.")
    async with forms.read(request) as form:
        address = mailboxes.read(form)
    await signin.confirmed(request, form)
    viewer = request.state.viewer["id"]
    async with request.app.state.database.transaction() as connection:
        own = await _get(connection, account_id=viewer)
        if own["address"] and mailboxes.key(own["address"]) == mailboxes.key(address):
            form.errors["address"] = "This is your address already."
        if not form.errors:
            await ask_to_verify(request, connection, viewer, address)
    return _show(request, own, form) if form.errors else see_other(request, _PAGE)


@signed_in
async def ask_again(request: Request) -> Response:
    """POST /account/address/again: mail the link once more."""
    viewer = request.state.viewer["id"]
    async with request.app.state.database.transaction() as connection:
        own = await _get(connection, account_id=viewer)
        if own["asked"]:
            await ask_to_verify(request, connection, viewer, own["asked"])
    return see_other(request, _PAGE)


@signed_in
async def forget(request: Request) -> Response:
    """POST /account/address/forget: wait for the link no longer."""
    viewer = request.state.viewer["id"]
    async with request.app.state.database.transaction() as connection:
        await _forget_asked(connection, account_id=viewer)
        await request.app.state.links.forget(connection, VERIFY, viewer)
    return see_other(request, _PAGE)


@signed_in
async def remove(request: Request) -> Response:
    """POST /account/address/remove: have no address any more."""
    state, viewer = request.app.state, request.state.viewer
    if state.config.email == "required":
        raise Forbidden("On this board everybody has an address. Change yours instead.")
    async with forms.read(request) as form:
        confirmed = await signin.confirmed(request, form)
    async with state.database.transaction() as connection:
        if not confirmed:
            # It stands under its own field: there are two forms with a password on the page.
            form.errors["remove"] = form.errors.pop("current_password")
            return _show(request, await _get(connection, account_id=viewer["id"]), form)
        gone = [row["address"] for row in await _delete(connection, account_id=viewer["id"]) if row["verified"]]
        await state.links.forget(connection, VERIFY, viewer["id"])
        if gone:
            await changes.offer_undo(request, connection, viewer["id"], viewer["name"], gone[0], "")
            await notices.tell(request, connection, viewer["id"], "address removed")
    return see_other(request, _PAGE)


def _show(request: Request, own: Any, form: forms.Form | None = None) -> Response:
    return page(
        request,
        "addresses/show.html",
        422 if form else 200,
        address=mailboxes.shown(own["address"]) if own["address"] else "",
        asked=mailboxes.shown(own["asked"]) if own["asked"] else "",
        asked_at=own["asked_at"],
        typed=form.raw("address") if form else "",
        errors=form.errors if form else {},
    )
