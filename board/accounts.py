"""People: sign up, sign in and out, and the page of what somebody started and wrote."""

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import clients, forms, names, passwords
from board.kit.db import Database, many, one
from board.kit.errors import NotFound
from board.kit.paging import Order
from board.kit.sessions import own_path
from board.kit.templates import answer_reading, page, see_other

create_account = one("accounts/create")
get_account = one("accounts/get_by_key")
set_role = one("accounts/set_role")
_list_threads = many("threads/list_by_author")
_list_messages = many("messages/list_by_author")

_BY_ID = Order("")


async def sign_up_form(request: Request) -> Response:
    """GET /sign-up"""
    return _form(request, "accounts/sign_up.html")


async def sign_up(request: Request) -> Response:
    """POST /sign-up: make an account and begin its first session."""
    async with forms.read(request) as form:
        request.app.state.limits.take("sign up", _address(request), kept=form.raw("name"))
        name, password = _name(form), _new_password(form)
        key, next_page = form.key(), own_path(form.raw("next"))
    if form.errors:
        return _form(request, "accounts/sign_up.html", 422, form)
    hashed = await request.app.state.passwords.hash(password)
    async with request.app.state.database.transaction() as connection:
        account = await create_account(
            connection, name=name, name_key=names.key(name), password_hash=hashed, role="member", form_key=key
        ) or await _sent_twice(request, connection, name, password, key)
        if account is not None:
            await request.app.state.sessions.end(connection, request)
            cookie = await request.app.state.sessions.begin(connection, account["id"])
    if account is None:
        form.errors["name"] = "Somebody has this name, or one that looks like it. Choose another."
        return _form(request, "accounts/sign_up.html", 422, form)
    return request.app.state.sessions.set_cookie(see_other(request, next_page), cookie)


async def sign_in_form(request: Request) -> Response:
    """GET /sign-in"""
    return _form(request, "accounts/sign_in.html")


async def sign_in(request: Request) -> Response:
    """POST /sign-in: the same answer, in the same time, for an unknown name and a wrong password."""
    async with forms.read(request) as form:
        request.app.state.limits.take("sign in", _address(request), kept=form.raw("name"))
        name, password, next_page = form.line("name", "Your name", most=200), form.secret("password"), form.raw("next")
    async with request.app.state.database.connection() as connection:
        account = None if form.errors else await get_account(connection, name_key=names.key(name))
    stored = account["password_hash"] if account else None
    if not await request.app.state.passwords.matches(password[: passwords.LONGEST + 1], stored) or account is None:
        form.errors = {
            "password": "Name and password do not match. Check both; capital letters in the name do not matter."
        }
        return _form(request, "accounts/sign_in.html", 422, form)
    async with request.app.state.database.connection() as connection:
        # A session that somebody else may have planted in this browser ends here.
        await request.app.state.sessions.end(connection, request)
        cookie = await request.app.state.sessions.begin(connection, account["id"])
    return request.app.state.sessions.set_cookie(see_other(request, own_path(next_page)), cookie)


async def sign_out(request: Request) -> Response:
    """POST /sign-out"""
    async with request.app.state.database.connection() as connection:
        await request.app.state.sessions.end(connection, request)
    return request.app.state.sessions.clear_cookie(see_other(request, "/"))


async def show(request: Request) -> Response:
    """GET /people/{name}: what somebody started, or with ?show=messages what they wrote."""
    shows_messages = request.query_params.get("show") == "messages"
    config, cursor = request.app.state.config, _BY_ID.read(request.query_params)
    size = config.messages_per_page if shows_messages else config.threads_per_page
    viewer = request.state.viewer

    async def make(connection: Any) -> str:
        person = await get_account(connection, name_key=names.key(request.path_params["name"]))
        if person is None:
            raise NotFound("There is nobody with this name.")
        listing = _list_messages if shows_messages else _list_threads
        rows = await listing(
            connection,
            author_id=person["id"],
            viewer_id=viewer["id"] if viewer else 0,
            back=cursor.back,
            id=cursor.id,
            size=size,
        )
        found = _BY_ID.cut(rows, size, cursor)
        return request.app.state.templates.render(
            request, "accounts/show.html", person=person, page=found, shows_messages=shows_messages
        )

    return await answer_reading(request, make)


async def appoint(database: Database, hasher: passwords.Passwords, name: str, password: str, role: str) -> Any:
    """Make an account with a role, or give it to one that there is with a new password; return its row."""
    name, hashed = names.clean(name), await hasher.hash(password)
    async with database.transaction() as connection:
        account = await create_account(
            connection, name=name, name_key=names.key(name), password_hash=hashed, role=role, form_key=None
        )
        if account is None:
            found = await get_account(connection, name_key=names.key(name))
            account = await set_role(connection, account_id=found["id"], role=role, password_hash=hashed)
    return account


def _form(request: Request, template: str, status: int = 200, form: forms.Form | None = None) -> Response:
    return page(
        request,
        template,
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


def _address(request: Request) -> str:
    return clients.network(request.client.host if request.client else "")
