"""The page where admins see what mail waits, what failed and why, and, while no mail leaves, what it says."""

from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import mail
from board.kit import forms, queue
from board.kit.db import many, value
from board.kit.errors import Forbidden
from board.kit.mail import is_address
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other
from board.permissions import runs_the_board

list_mails = many("mail/list")
retry_mail = value("mail/retry")
drop_mail = value("mail/drop")
_forget_job = value("mail/forget_job")

_SHOWN = 50


@signed_in
async def index(request: Request) -> Response:
    """GET /mail"""
    return await _page(request)


@signed_in
async def retry(request: Request) -> Response:
    """POST /mail/{id}/retry: at once. One that was sent, or is too late for its reader, is left alone."""
    may, mail_id = _check(request), request.path_params["id"]
    async with request.app.state.database.transaction() as connection:
        if await retry_mail(connection, id=mail_id, may=may):
            await _forget_job(connection, key=str(mail_id))
            await queue.enqueue(connection, mail.SEND, {"mail": mail_id}, key=str(mail_id))
    return see_other(request, "/mail")


@signed_in
async def drop(request: Request) -> Response:
    """POST /mail/{id}/drop: for good."""
    may = _check(request)
    async with request.app.state.database.connection() as connection:
        await drop_mail(connection, id=request.path_params["id"], may=may)
    return see_other(request, "/mail")


@signed_in
async def test(request: Request) -> Response:
    """POST /mail/test: a mail to an address of the admin's choice, to see that it arrives."""
    _check(request)
    async with forms.read(request) as form:
        address = form.line("address", "The address", most=254)
    if "address" not in form.errors and not is_address(address):
        form.errors["address"] = "This is no address for mail. Write it like ada@example.org."
    if form.errors:
        return await _page(request, 422, form)
    async with request.app.state.database.transaction() as connection:
        await request.app.state.mailer.send(connection, address, "mail/test.txt", useful_minutes=60)
    return see_other(request, "/mail")


async def _page(request: Request, status: int = 200, form: forms.Form | None = None) -> Response:
    may, config = _check(request), request.app.state.config
    async with request.app.state.database.connection() as connection:
        rows = await list_mails(connection, size=_SHOWN, shows_text=not config.smtp_url, may=may)
    states = {state: list(found) for state, found in groupby(rows, key=lambda row: row["state"])}
    address, errors = (form.raw("address"), form.errors) if form else ("", {})
    return page(request, "mail/index.html", status, states=states, address=address, errors=errors)


def _check(request: Request) -> Any:
    if not runs_the_board(request.state.viewer):
        raise Forbidden("Only admins see to the mail.")
    return True
