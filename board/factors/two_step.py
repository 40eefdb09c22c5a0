"""The second step of an account: set up with an app, its backup codes, and the way to switch it off."""

import contextlib
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from board import notices, signin
from board.factors import backup, codes
from board.kit import forms
from board.kit.db import one, value
from board.kit.links import discreet
from board.kit.seals import Unopened
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other

get_factors = one("factors/get")
_start = value("factors/start")
_get_setup = value("factors/get_setup")
_enable = value("factors/enable")
_disable = value("factors/disable")
_distrust = value("factors/distrust")
_replace_codes = value("factors/replace_codes")
_hide_codes = value("factors/hide_codes")

_HERE = "/account/two-step"


@signed_in
async def show(request: Request) -> Response:
    """GET /account/two-step: whether there is a second step, and what can be done about it."""
    return await _overview(request)


@signed_in
async def start(request: Request) -> Response:
    """POST /account/two-step: with the password, on to the QR code."""
    async with forms.read(request) as form:
        confirmed = await signin.confirmed(request, form)
    if not confirmed:
        return await _overview(request, form)
    account_id = request.state.viewer["id"]
    sealed = request.app.state.seals.seal(purpose(account_id), codes.new_secret())
    async with request.app.state.database.connection() as connection:
        await _start(connection, account_id=account_id, secret=sealed)
    return see_other(request, f"{_HERE}/set-up")


@signed_in
async def set_up_form(request: Request) -> Response:
    """GET /account/two-step/set-up: the secret for the app, and a field for its first code."""
    secret, _ = await _secret(request)
    return _set_up(request, secret) if secret else see_other(request, _HERE)


@signed_in
async def set_up(request: Request) -> Response:
    """POST /account/two-step/set-up: a right code, and it is on."""
    async with forms.read(request) as form:
        typed = form.line("code", "The code", most=40)
    account_id = request.state.viewer["id"]
    secret, sealed = await _secret(request)
    if secret is None:
        return see_other(request, _HERE)
    step = codes.step(secret, typed)
    if step is None:
        form.errors["code"] = (
            "This code is not right. Type the one that the app shows now. If that is refused too, let the phone set "
            "its clock by itself."
        )
        return _set_up(request, secret, form)
    async with request.app.state.database.transaction() as connection:
        if await _enable(connection, account_id=account_id, secret=sealed, step=step):
            await _new_codes(request, connection)
            await notices.tell(request, connection, account_id, "second step on")
    return see_other(request, f"{_HERE}/codes")


@signed_in
async def show_codes(request: Request) -> Response:
    """GET /account/two-step/codes: the new backup codes, for ten minutes."""
    made = await _fresh(request)
    if made is None:
        return see_other(request, _HERE)
    return discreet(page(request, "factors/codes.html", codes=made))


@signed_in
async def download_codes(request: Request) -> Response:
    """GET /account/two-step/codes.txt"""
    made = await _fresh(request)
    if made is None:
        return see_other(request, _HERE)
    config, name = request.app.state.config, request.state.viewer["name"]
    text = f"{config.site_name}: backup codes of {name}\n{config.origin}\n\n" + "\n".join(made)
    text += "\n\nEach is good for one sign-in, in place of the code of the app.\n"
    headers = {"Content-Disposition": 'attachment; filename="backup-codes.txt"'}
    return discreet(PlainTextResponse(text, headers=headers))


@signed_in
async def make_codes(request: Request) -> Response:
    """POST /account/two-step/codes: ten new ones in place of all others."""
    async with forms.read(request) as form:
        confirmed = await signin.confirmed(request, form)
    if not confirmed:
        return await _overview(request, form, wanted="codes")
    async with request.app.state.database.transaction() as connection:
        if not await _new_codes(request, connection):
            return see_other(request, _HERE)
        await notices.tell(request, connection, request.state.viewer["id"], "backup codes made")
    return see_other(request, f"{_HERE}/codes")


@signed_in
async def hide_codes(request: Request) -> Response:
    """POST /account/two-step/codes/hide: they are on paper now."""
    async with request.app.state.database.connection() as connection:
        await _hide_codes(connection, account_id=request.state.viewer["id"])
    return see_other(request, _HERE)


@signed_in
async def disable(request: Request) -> Response:
    """POST /account/two-step/disable: the password alone from now on."""
    async with forms.read(request) as form:
        confirmed = await signin.confirmed(request, form)
    if not confirmed:
        return await _overview(request, form, wanted="disable")
    account_id = request.state.viewer["id"]
    async with request.app.state.database.transaction() as connection:
        if await _disable(connection, account_id=account_id):
            await notices.tell(request, connection, account_id, "second step off")
    return see_other(request, _HERE)


@signed_in
async def distrust(request: Request) -> Response:
    """POST /account/two-step/distrust: every device is asked for the second step again."""
    async with request.app.state.database.connection() as connection:
        await _distrust(connection, account_id=request.state.viewer["id"])
    return see_other(request, _HERE)


def purpose(account_id: int) -> str:
    """What the secret of an account's app is sealed for."""
    return f"authenticator {account_id}"


async def _overview(request: Request, form: forms.Form | None = None, wanted: str = "start") -> Response:
    async with request.app.state.database.connection() as connection:
        factors = await get_factors(connection, account_id=request.state.viewer["id"])
    errors = form.errors if form else {}
    return page(request, "factors/two_step.html", 422 if form else 200, factors=factors, wanted=wanted, errors=errors)


def _set_up(request: Request, secret: str, form: forms.Form | None = None) -> Response:
    address = codes.address(request.app.state.config.site_name, request.state.viewer["name"], secret)
    answer = page(
        request,
        "factors/set_up.html",
        422 if form else 200,
        address=address,
        drawing=codes.drawing(address),
        secret=codes.groups(secret),
        typed=form.raw("code") if form else "",
        errors=form.errors if form else {},
    )
    return discreet(answer)


async def _secret(request: Request) -> tuple[str | None, str]:
    """The secret that is being set up, and as it is stored; None after a quarter of an hour."""
    account_id = request.state.viewer["id"]
    async with request.app.state.database.connection() as connection:
        sealed = await _get_setup(connection, account_id=account_id)
    with contextlib.suppress(Unopened):
        return (request.app.state.seals.open(purpose(account_id), sealed) if sealed else None), sealed
    return None, sealed


async def _new_codes(request: Request, connection: Any) -> bool:
    account_id, made = request.state.viewer["id"], backup.make()
    hashes = [backup.digest(account_id, code) for code in made]
    fresh = request.app.state.seals.seal(f"backup codes {account_id}", "\n".join(made))
    return await _replace_codes(connection, account_id=account_id, hashes=hashes, fresh_codes=fresh) is not None


async def _fresh(request: Request) -> list[str] | None:
    account_id = request.state.viewer["id"]
    async with request.app.state.database.connection() as connection:
        factors = await get_factors(connection, account_id=account_id)
    with contextlib.suppress(Unopened):
        if factors["fresh_codes"]:
            return request.app.state.seals.open(f"backup codes {account_id}", factors["fresh_codes"]).split("\n")
    return None
