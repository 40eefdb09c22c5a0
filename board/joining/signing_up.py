"""The form under Join: who sends it has an account, and is signed in at once."""

import uuid
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import addresses
from board.accounts import create_account, get_account
from board.joining import applications, doors, invitations
from board.joining.challenges import LIFETIME, Challenge, spend
from board.joining.doors import Door
from board.kit import clients, forms, names, passwords
from board.kit.db import value
from board.kit.errors import TooMany
from board.kit.quotas import Quota
from board.kit.sessions import own_path
from board.kit.templates import page
from board.signin import finish

_hold = value("joining/hold")

# Accounts that come from one address, on all replicas together; the tries are counted by each.
ACCOUNTS = Quota("accounts by address", 10, 3600)

# Never the password.
_GIVEN_BACK = ("name", "address", "application", "answer", "work")


@dataclass(frozen=True, slots=True)
class _Guest:
    """What somebody typed who comes in."""

    name: str
    password: str
    address: str
    answer: str
    key: uuid.UUID
    next: str
    challenge: Challenge | None


class _Refused(Exception):
    """Undoes the transaction; the field and its sentence."""


async def sign_up_form(request: Request) -> Response:
    """GET /sign-up, perhaps with ?invitation="""
    token = request.query_params.get("invitation", "").strip().rpartition("invitation=")[2]
    async with request.app.state.database.connection() as connection:
        door = await doors.look(request, connection, token)
    return _form(request, door, invitation=token)


async def sign_up(request: Request) -> Response:
    """POST /sign-up: make an account and begin its first session."""
    async with forms.read(request) as form:
        request.app.state.limits.take("sign up", clients.sender(request), kept=form.raw("name"))
    async with request.app.state.database.connection() as connection:
        door = await doors.look(request, connection, form.raw("invitation"))
    if not door.opens:
        return _form(request, door, 403, form, invitation=form.raw("invitation"))
    guest = _read(request, form, door)
    if not form.errors:
        hashed = await request.app.state.passwords.hash(guest.password)
        try:
            async with request.app.state.database.transaction() as connection:
                return await _let_in(request, connection, door, guest, hashed)
        except _Refused as refused:
            field, sentence = refused.args
            form.errors[field] = sentence
    solved = guest.challenge if not {"answer", "challenge", "work"} & form.errors.keys() else None
    return _form(request, door, 422, form, invitation=form.raw("invitation"), challenge=solved or guest.challenge)


async def _let_in(request: Request, connection: Any, door: Door, guest: _Guest, hashed: str) -> Response:
    """Make the account and all that belongs to it. Raises _Refused or TooMany, which undo all of it."""
    must_verify = request.app.state.config.email == "required"
    waits = door.asks or must_verify
    account = await create_account(
        connection,
        name=guest.name,
        name_key=names.key(guest.name),
        password_hash=hashed,
        role="waiting" if waits else "new",
        form_key=guest.key,
    )
    if account is None:
        account = await _sent_twice(request, connection, guest)
        return await finish(request, connection, account, guest.next, joined=True)
    if not await request.app.state.quotas.take(connection, {ACCOUNTS: clients.sender(request)}):
        raise TooMany(
            "Many people joined from your address. Wait a while, then try again.", seconds=360, kept=guest.name
        )
    if door.invitation:
        used = await invitations.use_invitation(connection, key=door.invitation["key"], account_id=account["id"])
        if used is None:
            raise _Refused("invitation", "Somebody used this invitation a moment ago. Ask for another.")
    elif guest.challenge and not await spend(connection, key=guest.challenge.key, seconds=LIFETIME):
        raise _Refused("challenge", "This form was sent before. Here is a new one: send it again.")
    if waits:
        await _hold(connection, account_id=account["id"], approval=door.asks, address=must_verify)
    if door.asks:
        await applications.apply(connection, account_id=account["id"], answer=guest.answer)
    if guest.address:
        await addresses.ask_to_verify(request, connection, account["id"], guest.address)
    return await finish(request, connection, account, "/account/waiting" if waits else guest.next, joined=True)


def _read(request: Request, form: forms.Form, door: Door) -> _Guest:
    """The fields that this door asks for; form.errors says what is wrong with them."""
    config, key = request.app.state.config, form.key()
    name, address, answer = _name(form, config.reserved_names), "", ""
    password = _new_password(form, name, config.site_name)
    if config.email == "required" or (config.email == "optional" and form.has("address")):
        address = addresses.read(form, required=config.email == "required")
    if door.asks:
        answer = form.text("application", "Your answer", most=applications.LONGEST)
    if form.raw("website"):
        form.errors["website"] = "A hidden field was filled in, as programs do. It is empty again: try once more."
    challenge = _check_challenge(request, form, key, door.level)
    return _Guest(name, password, address, answer, key, own_path(form.raw("next")), challenge)


def _check_challenge(request: Request, form: forms.Form, key: uuid.UUID, level: int | None) -> Challenge | None:
    """The challenge of the form if there has to be one, checked; or a new one."""
    if level is None:
        return None
    challenges = request.app.state.challenges
    challenge = challenges.read(form.raw("challenge"), key)
    if challenge is None:
        form.errors["challenge"] = (
            "Many people are joining, so one more step is asked for: see below, and send it again."
        )
        return challenges.make(key, level)
    challenges.check(challenge, form)
    return challenge


def _form(
    request: Request,
    door: Door,
    status: int = 200,
    form: forms.Form | None = None,
    *,
    invitation: str,
    challenge: Challenge | None = None,
) -> Response:
    name = "joining/sign_up.html" if door.opens else "joining/shut.html"
    key = _key(form)
    if door.level is not None and challenge is None:
        challenge = request.app.state.challenges.make(key, door.level)
    response = page(
        request,
        name,
        status,
        door=door,
        invitation=invitation,
        challenge=challenge,
        typed={field: form.raw(field) if form else "" for field in _GIVEN_BACK},
        next=own_path(form.raw("next") if form else request.query_params.get("next", "/")),
        form_key=key,
        errors=form.errors if form else {},
    )
    if invitation:
        # Who follows a link from here does not take the invitation along.
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _key(form: forms.Form | None) -> uuid.UUID:
    """The form's key; a new one for a new form, and for one whose challenge is spent or broken."""
    return form.key() if form and "challenge" not in form.errors else uuid.uuid4()


def _name(form: forms.Form, reserved: str) -> str:
    name = form.line("name", "Your name", most=200)
    if "name" not in form.errors:
        try:
            return names.clean(name, reserved)
        except names.BadName as error:
            form.errors["name"] = str(error)
    return name


def _new_password(form: forms.Form, *about: str) -> str:
    password = form.secret("password")
    try:
        passwords.check(password, *about)
    except passwords.BadPassword as error:
        form.errors["password"] = str(error)
    return password


async def _sent_twice(request: Request, connection: Any, guest: _Guest) -> Any:
    """The account that the same form made a moment ago, if this is a second tap on the button. Raises _Refused."""
    account = await get_account(connection, name_key=names.key(guest.name))
    same_form = account is not None and account["form_key"] == guest.key
    if same_form and await request.app.state.passwords.matches(guest.password, account["password_hash"]):
        return account
    if account and account["name"].casefold() != guest.name.casefold():
        raise _Refused("name", f"This name looks like “{account['name']}”, who is here already. Choose another.")
    raise _Refused("name", "Somebody has this name. Choose another.")
