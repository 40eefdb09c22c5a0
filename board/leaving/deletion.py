"""The page where a person deletes their account, with a week to change their mind."""

import re

from starlette.requests import Request
from starlette.responses import Response

from board import notices, signin
from board.kit import forms
from board.kit.db import one, value
from board.kit.errors import Conflict
from board.kit.sessions import signed_in
from board.kit.templates import amount, day, page, see_other
from board.leaving import receipts, removal

_create = one("leaving/create_departure")
_delete = value("leaving/delete_departure")

# To change one's mind.
DAYS = 7
_CHOICES = ("keep", "remove")


@signed_in
async def show(request: Request) -> Response:
    """GET /account/delete"""
    return await _show(request)


@signed_in
async def ask(request: Request) -> Response:
    """POST /account/delete with messages=keep|remove: the account goes in a week, and is signed out everywhere now."""
    async with forms.read(request) as form:
        if form.raw("messages") not in _CHOICES:
            form.errors["messages"] = "Choose what is to become of your messages."
        confirmed = await signin.confirmed(request, form)
    if not confirmed or form.errors:
        return await _show(request, form, 422)
    viewer, (token, hashed) = request.state.viewer, receipts.make_token()
    async with request.app.state.database.transaction() as connection:
        await removal.hold_admins(connection)
        if not await removal.may_go(connection, account_id=viewer["id"]):
            raise Conflict("You are the only admin: appoint another first.")
        departure = await _create(
            connection,
            account_id=viewer["id"],
            keeps_messages=form.raw("messages") == "keep",
            receipt_hash=hashed,
            days=DAYS,
        )
        if departure is not None:
            await notices.tell(request, connection, viewer["id"], "deletion asked", day=day(departure["due_at"]))
            await request.app.state.sessions.end_all(connection, viewer["id"])
    if departure is None:
        return see_other(request, "/account/delete")
    return request.app.state.sessions.clear_cookie(see_other(request, f"/receipts/{token}"))


@signed_in
async def keep(request: Request) -> Response:
    """POST /account/keep: not after all. Twice is once."""
    viewer = request.state.viewer
    async with request.app.state.database.transaction() as connection:
        if await _delete(connection, account_id=viewer["id"]) is not None:
            await notices.tell(request, connection, viewer["id"], "deletion called off")
    return see_other(request, "/account/delete")


async def _show(request: Request, form: forms.Form | None = None, status: int = 200) -> Response:
    async with request.app.state.database.connection() as connection:
        departure = await removal.get_departure(connection, account_id=request.state.viewer["id"])
        may_go = await removal.may_go(connection, account_id=request.state.viewer["id"])
    return page(
        request,
        "leaving/delete.html",
        status,
        departure=departure,
        may_go=may_go,
        chosen=form.raw("messages") if form else "",
        errors=form.errors if form else {},
        days=DAYS,
        name_days=removal.NAME_DAYS,
        backups=_longest(request.app.state.config.backup_keep),
    )


def _longest(keep: str) -> str:
    """How long the oldest backup is kept, in words: BACKUP_KEEP names the newest of so many days, weeks and months."""
    rules = [(int(number), unit) for number, unit in re.findall(r"(\d+)([dwm])", keep)]
    number, unit = max(rules, key=lambda rule: rule[0] * {"d": 1, "w": 7, "m": 30}[rule[1]])
    return amount(number, {"d": "day", "w": "week", "m": "month"}[unit])
