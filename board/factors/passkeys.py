"""Passkeys of an account: added, named, removed. One signs in with neither name nor password."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices, signin
from board.factors.ceremony import Refused
from board.kit import forms
from board.kit.db import many, value
from board.kit.errors import NotFound
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other

list_passkeys = many("factors/list_passkeys")
_own_handle = value("factors/own_handle")
_create = value("factors/create_passkey")
_rename = value("factors/rename_passkey")
_delete = value("factors/delete_passkey")

_HERE = "/account/passkeys"


@signed_in
async def index(request: Request) -> Response:
    """GET /account/passkeys"""
    return await _index(request)


@signed_in
async def prepare(request: Request) -> Response:
    """POST /account/passkeys/new: with the password, on to the button that asks the device."""
    async with forms.read(request) as form:
        name = _name(form)
        confirmed = await signin.confirmed(request, form)
    if not confirmed or form.errors or not request.app.state.ceremonies.possible:
        return await _index(request, form)
    return await _prepare(request, name)


@signed_in
async def create(request: Request) -> Response:
    """POST /account/passkeys: what the device made."""
    async with forms.read(request) as form:
        name, credential = _name(form), form.secret("credential")
    account_id = request.state.viewer["id"]
    try:
        async with request.app.state.database.connection() as connection:
            made = await request.app.state.ceremonies.check_new(connection, account_id, credential)
    except Refused as error:
        form.errors.setdefault("name", str(error))
    if form.errors:
        return await _index(request, form)
    async with request.app.state.database.transaction() as connection:
        stored = await _create(
            connection,
            account_id=account_id,
            name=name,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
        )
        if stored is not None:
            await notices.tell(request, connection, account_id, "passkey added", name=name)
    if stored is None:
        form.errors["name"] = "This passkey is known already, or you have 20: remove one that you do not use."
        return await _index(request, form)
    return see_other(request, _HERE)


@signed_in
async def show(request: Request) -> Response:
    """GET /account/passkeys/{id}: its name, and the way to remove it."""
    return await _show(request)


@signed_in
async def rename(request: Request) -> Response:
    """POST /account/passkeys/{id}/rename"""
    async with forms.read(request) as form:
        name = _name(form)
    if form.errors:
        return await _show(request, form)
    async with request.app.state.database.connection() as connection:
        found = await _rename(connection, **_which(request), name=name)
    if found is None:
        raise _missing()
    return see_other(request, _HERE)


@signed_in
async def remove(request: Request) -> Response:
    """POST /account/passkeys/{id}/remove: it opens nothing any more."""
    async with forms.read(request) as form:
        confirmed = await signin.confirmed(request, form)
    if not confirmed:
        return await _show(request, form)
    async with request.app.state.database.transaction() as connection:
        name = await _delete(connection, **_which(request))
        if name is not None:
            await notices.tell(request, connection, request.state.viewer["id"], "passkey removed", name=name)
    return see_other(request, _HERE)


async def _index(request: Request, form: forms.Form | None = None) -> Response:
    async with request.app.state.database.connection() as connection:
        passkeys = await list_passkeys(connection, account_id=request.state.viewer["id"])
    return page(
        request,
        "factors/passkeys.html",
        422 if form else 200,
        passkeys=passkeys,
        possible=request.app.state.ceremonies.possible,
        name=form.raw("name") if form else "",
        errors=form.errors if form else {},
    )


async def _prepare(request: Request, name: str) -> Response:
    viewer = request.state.viewer
    async with request.app.state.database.connection() as connection:
        handle = await _own_handle(connection, account_id=viewer["id"])
        known = await list_passkeys(connection, account_id=viewer["id"])
    options = request.app.state.ceremonies.ask_to_add(viewer["id"], viewer["name"], handle, known)
    return page(request, "factors/new_passkey.html", options=options, name=name)


async def _show(request: Request, form: forms.Form | None = None) -> Response:
    async with request.app.state.database.connection() as connection:
        passkeys = await list_passkeys(connection, account_id=request.state.viewer["id"])
    passkey = next((each for each in passkeys if each["id"] == request.path_params["id"]), None)
    if passkey is None:
        raise _missing()
    return page(
        request,
        "factors/passkey.html",
        422 if form else 200,
        passkey=passkey,
        name=form.raw("name") if form and form.has("name") else passkey["name"],
        errors=form.errors if form else {},
    )


def _name(form: forms.Form) -> str:
    return form.line("name", "The passkey's name", most=60)


def _which(request: Request) -> dict[str, Any]:
    return {"id": request.path_params["id"], "account_id": request.state.viewer["id"]}


def _missing() -> NotFound:
    return NotFound("There is no such passkey among yours. Perhaps it was removed.")
