"""The page to sign in, and the button to sign out."""

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from board.accounts import find_account
from board.kit import forms, passwords
from board.kit.db import value
from board.kit.errors import TooMany, Unavailable
from board.kit.sessions import own_path
from board.kit.templates import page, see_other
from board.signin import devices, half_way, trust
from board.signin.entering import finish

_rehash = value("accounts/rehash")
_get_password = value("accounts/get_password")
_hold_password = value("accounts/hold_password")

# The longest address that mail can be sent to; names are shorter.
_LONGEST = 254
_WRONG = "Name and password do not match. Check both; capital letters in the name do not matter."


async def sign_in_form(request: Request) -> Response:
    """GET /sign-in"""
    return _form(request)


async def sign_in(request: Request) -> Response:
    """POST /sign-in: the same answer, in the same time, for an unknown name and a wrong password."""
    state = request.app.state
    async with forms.read(request) as form:
        name, password, next_page = (
            form.line("name", "Your name", most=_LONGEST),
            form.secret("password"),
            form.raw("next"),
        )
    try:
        async with state.database.connection() as connection:
            # What can not be a name is one that nobody has.
            account = await find_account(connection, "" if form.errors else name)
            tries = await state.throttle.take(request, connection, name[:_LONGEST], account)
        right = await _is_right(request, account, password)
    except (TooMany, Unavailable) as error:
        return _not_now(request, form, error)
    if not right:
        form.errors = {"password": _WRONG}
        return _form(request, 422, form)
    current = await _hash_anew(request, account, password)
    async with state.database.transaction() as connection:
        # A new password that came while this one was checked has ended all sessions: this must not be one more.
        if await _hold_password(connection, account_id=account["id"], password_hash=current) is None:
            form.errors = {"password": _WRONG}
            return _form(request, 422, form)
        if account["second_step"] and not trust.given(request, account):
            remember = form.has("remember")
            return await half_way.begin(request, connection, account, own_path(next_page), tries, remember=remember)
        await state.throttle.give_back(connection, tries)
        return await finish(request, connection, account, next_page, remember=form.has("remember"))


async def sign_out(request: Request) -> Response:
    """POST /sign-out"""
    async with request.app.state.database.connection() as connection:
        await request.app.state.sessions.end(connection, request)
    return request.app.state.sessions.clear_cookie(see_other(request, "/"))


async def _is_right(request: Request, account: Any, password: str) -> bool:
    """Whether it is the account's password, in the same time if there is no account."""
    stored = account["password_hash"] if account else None
    known = devices.known(request, account) is not None
    right: bool = await request.app.state.passwords.matches(password[: passwords.LONGEST + 1], stored, known=known)
    return right


async def _hash_anew(request: Request, account: Any, password: str) -> str:
    """Bring the stored hash to today's parameters, since only now is the password at hand; return what is stored."""
    state, before = request.app.state, str(account["password_hash"])
    if not state.passwords.needs_rehash(before):
        return before
    hashed = str(await state.passwords.hash(password))
    async with state.database.connection() as connection:
        if await _rehash(connection, account_id=account["id"], before=before, after=hashed):
            return hashed
        stored = await _get_password(connection, account_id=account["id"])
    # Somebody else stored another: the second tap on the button, or a new password.
    return str(stored) if await state.passwords.matches(password, stored) else before


def start_over(request: Request, sentence: str, next_page: str = "/", status: int = 422) -> Response:
    """The page to sign in, with what went wrong on another way in."""
    form = forms.Form(FormData(next=next_page, remember="on"))
    form.errors["way"] = sentence
    return _form(request, status, form)


def _not_now(request: Request, form: forms.Form, error: TooMany | Unavailable) -> Response:
    form.errors = {"password": error.sentence}
    response = _form(request, error.status, form)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _form(request: Request, status: int = 200, form: forms.Form | None = None) -> Response:
    return page(
        request,
        "signin/sign_in.html",
        status,
        name=form.raw("name") if form else "",
        next=own_path(form.raw("next") if form else request.query_params.get("next", "/")),
        remember=form.has("remember") if form else True,
        errors=form.errors if form else {},
    )
