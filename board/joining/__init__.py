"""Joining: who signs up becomes a member, and is signed in at once."""

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.accounts import create_account, get_account
from board.kit import clients, forms, names, passwords
from board.kit.sessions import own_path
from board.kit.templates import page
from board.signin import finish


async def sign_up_form(request: Request) -> Response:
    """GET /sign-up"""
    return _form(request)


async def sign_up(request: Request) -> Response:
    """POST /sign-up: make an account and begin its first session."""
    async with forms.read(request) as form:
        request.app.state.limits.take("sign up", clients.sender(request), kept=form.raw("name"))
        name, password = _name(form), _new_password(form)
        key, next_page = form.key(), own_path(form.raw("next"))
    if form.errors:
        return _form(request, 422, form)
    hashed = await request.app.state.passwords.hash(password)
    async with request.app.state.database.transaction() as connection:
        account = await create_account(
            connection, name=name, name_key=names.key(name), password_hash=hashed, role="new", form_key=key
        ) or await _sent_twice(request, connection, name, password, key)
        if account is not None:
            return await finish(request, connection, account, next_page, joined=True)
    form.errors["name"] = "Somebody has this name, or one that looks like it. Choose another."
    return _form(request, 422, form)


def _form(request: Request, status: int = 200, form: forms.Form | None = None) -> Response:
    return page(
        request,
        "joining/sign_up.html",
        status,
        name=form.raw("name") if form else "",
        next=own_path(form.raw("next") if form else request.query_params.get("next", "/")),
        form_key=form.raw("form_key") if form else uuid.uuid4(),
        errors=form.errors if form else {},
    )


def _name(form: forms.Form) -> str:
    name = form.line("name", "Your name", most=200)
    if "name" not in form.errors:
        try:
            return names.clean(name)
        except names.BadName as error:
            form.errors["name"] = str(error)
    return name


def _new_password(form: forms.Form) -> str:
    password = form.secret("password")
    if len(password) < passwords.SHORTEST:
        form.errors["password"] = f"The password needs {passwords.SHORTEST} characters or more: a few words will do."
    elif len(password) > passwords.LONGEST:
        form.errors["password"] = f"The password may have {passwords.LONGEST} characters at most."
    return password


async def _sent_twice(request: Request, connection: Any, name: str, password: str, key: uuid.UUID) -> Any:
    """The account that the same form made a moment ago, if this is a second tap on the button."""
    account = await get_account(connection, name_key=names.key(name))
    if account is None or account["form_key"] != key:
        return None
    return account if await request.app.state.passwords.matches(password, account["password_hash"]) else None
