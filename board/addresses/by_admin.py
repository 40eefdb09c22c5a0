"""Who has no address asks who runs the board, who makes a link for them and hands it over some other way."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices, permissions, signin
from board.accounts import get_account
from board.addresses.new_password import RESET
from board.kit import forms, links, names
from board.kit.errors import NotFound
from board.kit.sessions import signed_in
from board.kit.templates import page

HOURS = 24


@signed_in
async def show(request: Request) -> Response:
    """GET /admin/people/{name}/new-password"""
    async with request.app.state.database.connection() as connection:
        person = await _person(request, connection)
    return _show(request, person)


@signed_in
async def make(request: Request) -> Response:
    """POST /admin/people/{name}/new-password: make the link, and show it this once."""
    permissions.insist(request.state.viewer, "make_password_links")
    async with forms.read(request) as form:
        confirmed = await signin.confirmed(request, form)
    async with request.app.state.database.transaction() as connection:
        person = await _person(request, connection)
        if not confirmed:
            return _show(request, person, form)
        link = await make_link(request, connection, person["id"])
    return _show(request, person, link=link)


async def make_link(request: Request, connection: Any, account_id: int) -> str:
    """The address of a link by which its bearer sets a new password, once; the person is told that there is one."""
    token = await request.app.state.links.make(connection, RESET, account_id, minutes=HOURS * 60)
    await notices.tell(request, connection, account_id, "reset link made")
    return str(request.app.state.links.address("/reset", token))


async def _person(request: Request, connection: Any) -> Any:
    permissions.insist(request.state.viewer, "make_password_links")
    person = await get_account(connection, name_key=names.key(request.path_params["name"]))
    if person is None:
        raise NotFound("There is nobody with this name.")
    return person


def _show(request: Request, person: Any, form: forms.Form | None = None, link: str = "") -> Response:
    status, errors = (422, form.errors) if form else (200, {})
    return links.discreet(
        page(request, "addresses/by_admin.html", status, name=person["name"], link=link, hours=HOURS, errors=errors)
    )
