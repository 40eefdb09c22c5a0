"""Signing in and out."""

from starlette.requests import Request
from starlette.responses import Response

from board.accounts import get_account
from board.kit import clients, forms, names, passwords
from board.kit.sessions import own_path
from board.kit.templates import page, see_other
from board.signin import half_way
from board.signin.entering import confirmed, finish

__all__ = ["confirmed", "finish", "half_way", "sign_in", "sign_in_form", "sign_out"]


async def sign_in_form(request: Request) -> Response:
    """GET /sign-in"""
    return _form(request)


async def sign_in(request: Request) -> Response:
    """POST /sign-in: the same answer, in the same time, for an unknown name and a wrong password."""
    async with forms.read(request) as form:
        request.app.state.limits.take("sign in", clients.sender(request), kept=form.raw("name"))
        name, password, next_page = form.line("name", "Your name", most=200), form.secret("password"), form.raw("next")
    async with request.app.state.database.connection() as connection:
        account = None if form.errors else await get_account(connection, name_key=names.key(name))
    stored = account["password_hash"] if account else None
    if not await request.app.state.passwords.matches(password[: passwords.LONGEST + 1], stored) or account is None:
        form.errors = {
            "password": "Name and password do not match. Check both; capital letters in the name do not matter."
        }
        return _form(request, 422, form)
    remember = form.has("remember")
    async with request.app.state.database.transaction() as connection:
        if account["second_step"]:
            return await half_way.begin(request, connection, account, own_path(next_page), remember=remember)
        return await finish(request, connection, account, next_page, remember=remember)


async def sign_out(request: Request) -> Response:
    """POST /sign-out"""
    async with request.app.state.database.connection() as connection:
        await request.app.state.sessions.end(connection, request)
    return request.app.state.sessions.clear_cookie(see_other(request, "/"))


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
