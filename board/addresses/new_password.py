"""A new password for who forgot the old one: a link by mail, good once and for half an hour.

Whether there is such an account shows nowhere: the form only notes what was typed, and a job looks whom that is.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices
from board.accounts import find_account, get_name, set_password
from board.addresses.asking import BY_ADDRESS, BY_NETWORK
from board.kit import clients, forms, links, mailboxes, passwords, queue
from board.kit.db import many, one, value
from board.kit.errors import TooMany
from board.kit.links import Links
from board.kit.quotas import Quota, Quotas
from board.kit.templates import page, see_other
from board.kit.worker import Site
from board.mail import Mailer
from board.signin import devices

# The purpose of the link, and for how long it is good.
RESET = "new password"
MINUTES = 30

# The kind of the job, which is given the id of a request.
MAIL_LINK = "mail_new_password"

# Whoever asks in a row for somebody else does not use up what that person may ask for from elsewhere.
_FROM_HERE = Quota("new password from a network", 3, 3 * 3600)
_IN_ALL = Quota("new password", 12, 24 * 3600)

_write_forgotten = value("addresses/write_forgotten")
_take_forgotten = one("addresses/take_forgotten")
_forget_forgotten = many("addresses/forget_forgotten")
_get = one("addresses/get")


async def forgot_form(request: Request) -> Response:
    """GET /forgot, and once it was sent: /forgot?sent"""
    return _forgot(request)


async def forgot(request: Request) -> Response:
    """POST /forgot: the same answer, after the same work, for every name and address."""
    async with forms.read(request) as form:
        typed = form.line("who", "Your name or address", most=mailboxes.LONGEST)
    if form.errors:
        return _forgot(request, form)
    sender = clients.sender(request)
    async with request.app.state.database.transaction() as connection:
        if not await request.app.state.quotas.take(connection, {BY_NETWORK: sender}):
            sentence = "Very many links were asked for from your network. Try again in a few minutes."
            raise TooMany(sentence, seconds=int(BY_NETWORK.seconds / BY_NETWORK.burst), kept=typed)
        written = await _write_forgotten(connection, typed=typed, network=sender)
        await queue.enqueue(connection, MAIL_LINK, {"forgotten": written})
    return see_other(request, "/forgot?sent")


async def mail_link(site: Site, forgotten: int) -> int:
    """What the job does: if that was somebody with an address, mail a link there; return the number of mails."""
    async with site.database.transaction() as connection:
        asked = await _take_forgotten(connection, id=forgotten)
        account = asked and await find_account(connection, asked["typed"])
        address = account and (await _get(connection, account_id=account["id"]))["address"]
        if not address or not await _may_ask(site, connection, account["id"], address, asked["network"]):
            return 0
        links = Links(site.config)
        token = await links.make(connection, RESET, account["id"], minutes=MINUTES)
        await Mailer(site.config).send(
            connection,
            address,
            "addresses/new_password.txt",
            account_id=account["id"],
            useful_minutes=MINUTES,
            name=account["name"],
            minutes=MINUTES,
            link=links.address("/reset", token),
        )
    return 1


async def forget_forgotten(connection: Any) -> int:
    """What no job could see to within a day."""
    return len(await _forget_forgotten(connection))


async def reset_form(request: Request) -> Response:
    """GET /reset: the form for a new password. Looking at it does not use the link up."""
    token = request.query_params.get("token")
    if token is None:
        return see_other(request, "/forgot")
    async with request.app.state.database.connection() as connection:
        name = await _whose(request, connection, token)
    return over(request) if name is None else _reset(request, token, name)


async def reset(request: Request) -> Response:
    """POST /reset: set the new password, and sign everybody out who had the old one."""
    state = request.app.state
    async with forms.read(request) as form:
        token, password = form.secret("token"), form.secret("new_password")
    async with state.database.connection() as connection:
        name = await _whose(request, connection, token)
    if name is None:
        return over(request)
    check_new(form, password, name, request.app.state.config.site_name)
    if form.errors:
        return _reset(request, token, name, form)
    hashed = await state.passwords.hash(password)
    async with state.database.transaction() as connection:
        link = await state.links.use(connection, RESET, token)
        if link is None:
            return over(request)
        await set_anew(request, connection, link["account_id"], hashed)
        await notices.tell(request, connection, link["account_id"], "password reset")
    # Who reads the person's mail need not wait for what others try at the account.
    return devices.remember(request, see_other(request, "/reset/done"), link["account_id"])


async def done(request: Request) -> Response:
    """GET /reset/done"""
    return page(request, "addresses/reset_done.html")


def check_new(form: forms.Form, password: str, *about: str) -> None:
    """Put what is wrong with a new password into the form's errors; `about` are names of the person and the place."""
    try:
        passwords.check(password, *about)
    except passwords.BadPassword as error:
        form.errors["new_password"] = str(error)


async def set_anew(request: Request, connection: Any, account_id: int, hashed: str, but: str | None = None) -> None:
    """Store a new password, and end what the old one opened: sessions, but for the token `but`, and other links."""
    await set_password(connection, account_id=account_id, password_hash=hashed)
    await request.app.state.sessions.end_all(connection, account_id, but=but)
    await request.app.state.links.forget(connection, RESET, account_id)


def over(request: Request) -> Response:
    """A link that was used, or is too old, or is none of ours: what to do now."""
    return links.discreet(page(request, "addresses/over.html", 410))


async def _may_ask(site: Site, connection: Any, account_id: int, address: str, network: str) -> bool:
    asked = {_FROM_HERE: (account_id, network), _IN_ALL: account_id, BY_ADDRESS: mailboxes.key(address)}
    return await Quotas(site.config).take(connection, asked)


async def _whose(request: Request, connection: Any, token: str) -> str | None:
    """The name of the account that a link is for."""
    link = await request.app.state.links.look(connection, RESET, token)
    return await get_name(connection, account_id=link["account_id"]) if link else None


def _forgot(request: Request, form: forms.Form | None = None) -> Response:
    return page(
        request,
        "addresses/forgot.html",
        422 if form else 200,
        sent="sent" in request.query_params,
        minutes=MINUTES,
        who=form.raw("who") if form else "",
        errors=form.errors if form else {},
    )


def _reset(request: Request, token: str, name: str, form: forms.Form | None = None) -> Response:
    errors = form.errors if form else {}
    return links.discreet(
        page(request, "addresses/reset.html", 422 if form else 200, token=token, name=name, errors=errors)
    )
