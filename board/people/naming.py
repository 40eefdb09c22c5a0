"""A new name: once in thirty days, with the password; the old one stays kept for who had it for a year.

Its address leads to the new one as long as nobody else has it, and the person's page tells the names before.
"""

from typing import Any

import asyncpg
from starlette.requests import Request
from starlette.responses import Response

from board import notices, signin
from board.kit import forms, names
from board.kit.db import value
from board.kit.sessions import signed_in
from board.kit.templates import see_other
from board.people.profile import RENAME_DAYS, Entries, show

_rename = value("people/rename")

_TAKEN = "Somebody has this name, or one that looks like it, or had it within a year. Choose another."


@signed_in
async def rename(request: Request) -> Response:
    """POST /account/name"""
    viewer = request.state.viewer
    async with forms.read(request) as form:
        name = _name(form, request.app.state.config.reserved_names)
        if not form.errors and name == viewer["name"]:
            # Sent twice, or nothing was changed: it is as they want it.
            return see_other(request, "/account/profile?done=name")
        sure = not form.errors and await signin.confirmed(request, form)
    if not sure:
        return await show(request, 422, Entries(name=form.raw("name"), errors=form.errors))
    try:
        old = await _change(request, viewer, name)
    except asyncpg.UniqueViolationError:
        old = None
    if old is None:
        entries = Entries(name=name, errors={"name": _TAKEN})
        return await show(request, 422, entries)
    return see_other(request, "/account/profile?done=name")


async def _change(request: Request, viewer: Any, name: str) -> str | None:
    """Rename and tell them, or nothing; return the old name. Raises a unique violation if somebody has the new one."""
    async with request.app.state.database.transaction() as connection:
        old: str | None = await _rename(
            connection, account_id=viewer["id"], name=name, name_key=names.key(name), days=RENAME_DAYS
        )
        if old is not None:
            await notices.tell(request, connection, viewer["id"], "name changed", old=old, new=name)
    return old


def _name(form: forms.Form, reserved: str) -> str:
    name = form.line("name", "Your name", most=200)
    if "name" not in form.errors:
        try:
            return names.clean(name, reserved)
        except names.BadName as error:
            form.errors["name"] = str(error)
    return name
