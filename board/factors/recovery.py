"""A way back for who has lost phone and codes: an admin removes the factors, and the password alone is asked for."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices, signin
from board.accounts import get_account
from board.factors.two_step import get_factors
from board.kit import forms, names
from board.kit.db import Database, one
from board.kit.errors import NotFound
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other
from board.permissions import insist

_reset = one("factors/reset")


@signed_in
async def show(request: Request) -> Response:
    """GET /admin/people/{name}/factors: what somebody signs in with beside the password."""
    return await _form(request)


@signed_in
async def remove(request: Request) -> Response:
    """POST /admin/people/{name}/factors/remove: all of them, with the admin's own password."""
    async with forms.read(request) as form:
        person = await _person(request)
        confirmed = await signin.confirmed(request, form)
    if not confirmed:
        return await _form(request, form)
    async with request.app.state.database.transaction() as connection:
        await _remove_all(connection, request.app.state.mailer, person["id"])
    return see_other(request, request.url.path.removesuffix("/remove"))


async def remove_by_name(database: Database, mailer: Any, name: str) -> bool:
    """The same for who runs the server, perhaps the only admin; return whether there is such an account."""
    async with database.transaction() as connection:
        person = await get_account(connection, name_key=names.key(name))
        if person is not None:
            await _remove_all(connection, mailer, person["id"])
    return person is not None


async def _remove_all(connection: Any, mailer: Any, account_id: int) -> None:
    """Leave the password alone, and tell the person if that changes anything."""
    gone = await _reset(connection, account_id=account_id)
    if gone["app"] or gone["passkeys"]:
        await notices.tell_later(mailer, connection, account_id, "factors removed")


async def _person(request: Request) -> Any:
    insist(request.state.viewer, "remove_factors")
    async with request.app.state.database.connection() as connection:
        person = await get_account(connection, name_key=names.key(request.path_params["name"]))
    if person is None:
        raise NotFound("There is nobody with this name.")
    return person


async def _form(request: Request, form: forms.Form | None = None) -> Response:
    person = await _person(request)
    async with request.app.state.database.connection() as connection:
        factors = await get_factors(connection, account_id=person["id"])
    return page(
        request,
        "factors/recovery.html",
        422 if form else 200,
        person=person,
        factors=factors,
        errors=form.errors if form else {},
    )
