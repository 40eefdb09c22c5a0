"""The second step of signing in: a code of the app, a backup code, or a passkey, after the right password."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices, signin
from board.factors import backup, codes
from board.factors.ceremony import Refused
from board.factors.passkeys import list_passkeys
from board.factors.proving import prove
from board.factors.two_step import get_factors, purpose
from board.kit import forms
from board.kit.db import one, value
from board.kit.seals import Unopened
from board.kit.templates import page, see_other
from board.signin import half_way, trust

_take_try = one("factors/take_try")
_accept = value("factors/accept")
_use_code = value("factors/use_code")

# So many wrong codes in a row are told to the person: somebody else knows the password.
_TELLING = 5


async def show(request: Request) -> Response:
    """GET /sign-in/second-step"""
    async with request.app.state.database.connection() as connection:
        owed = await half_way.look(request, connection)
    return await _form(request, owed) if owed else _start_over(request, status=200)


async def check_code(request: Request) -> Response:
    """POST /sign-in/second-step: a code of the app, or a backup code."""
    async with forms.read(request) as form:
        typed, trusted = form.line("code", "The code", most=60), form.has("trust")
    async with request.app.state.database.connection() as connection:
        owed = await half_way.attempt(request, connection)
    if owed is None:
        return _start_over(request)
    if not form.errors:
        way = _by_app if codes.is_code(typed) else _by_backup_code
        answer = await way(request, owed, typed, trusted)
        if isinstance(answer, Response):
            return answer
        form.errors["code"] = answer
    return await _form(request, owed, form)


async def check_passkey(request: Request) -> Response:
    """POST /sign-in/second-step/passkey: what a device answered."""
    async with forms.read(request) as form:
        text, trusted = form.secret("credential"), form.has("trust")
    async with request.app.state.database.connection() as connection:
        owed = await half_way.attempt(request, connection)
    if owed is None:
        return _start_over(request)
    try:
        await prove(request, text, account_id=owed["id"])
    except Refused as error:
        form.errors["passkey"] = str(error)
        return await _form(request, owed, form)
    async with request.app.state.database.transaction() as connection:
        return await _finish(request, connection, trusted)


async def _by_app(request: Request, owed: Any, typed: str, trusted: bool) -> Response | str:
    """The answer to a right code; the sentence about a wrong one."""
    async with request.app.state.database.connection() as connection:
        tried = await _take_try(connection, account_id=owed["id"])
        if tried is None:
            factors = await get_factors(connection, account_id=owed["id"])
            return _wait(factors["wait"])
    try:
        secret = request.app.state.seals.open(purpose(owed["id"]), tried["secret"])
    except Unopened:
        return (
            "Codes of the app can not be checked any more. Use a backup code or a passkey, or ask who runs the board."
        )
    step = codes.step(secret, typed)
    async with request.app.state.database.transaction() as connection:
        if step is None:
            if tried["tries"] == _TELLING:
                await notices.tell(request, connection, owed["id"], "codes tried")
            return "This code is not right. Type the one that the app shows now."
        sealed = request.app.state.seals.seal(purpose(owed["id"]), secret)
        accepted = await _accept(connection, account_id=owed["id"], version=tried["version"], step=step, secret=sealed)
        if accepted is None:
            return "This code was used before. Wait until the app shows the next one."
        return await _finish(request, connection, trusted)


async def _by_backup_code(request: Request, owed: Any, typed: str, trusted: bool) -> Response | str:
    digest = backup.digest(owed["id"], typed)
    async with request.app.state.database.transaction() as connection:
        left = await _use_code(connection, account_id=owed["id"], code_hash=digest)
        if left is None:
            return "This is neither a code of the app, which has 6 digits, nor a backup code that was not used yet."
        await notices.tell(request, connection, owed["id"], "backup code used", left=left)
        return await _finish(request, connection, trusted)


async def _finish(request: Request, connection: Any, trusted: bool) -> Response:
    """Sign in, once for each time that the password was shown."""
    owed = await half_way.use(request, connection)
    if owed is None:
        return _start_over(request)
    response = await signin.finish(request, connection, owed, owed["next_page"], remember=owed["remember"])
    if trusted:
        factors = await get_factors(connection, account_id=owed["id"])
        trust.give(request, response, owed["id"], factors["second_step"])
    return response


async def _form(request: Request, owed: Any, form: forms.Form | None = None) -> Response:
    async with request.app.state.database.connection() as connection:
        factors = await get_factors(connection, account_id=owed["id"])
        passkeys = await list_passkeys(connection, account_id=owed["id"])
    ceremonies = request.app.state.ceremonies
    return page(
        request,
        "factors/second_step.html",
        422 if form else 200,
        factors=factors,
        options=ceremonies.ask_for_step(owed["id"], passkeys) if passkeys and ceremonies.possible else "",
        typed=form.raw("code") if form else "",
        trust=form.has("trust") if form else False,
        errors=form.errors if form else {},
    )


def _start_over(request: Request, status: int = 403) -> Response:
    """Too late, too many wrong codes, or sent twice: then whoever is signed in by now goes on."""
    if request.state.viewer is not None:
        return see_other(request, "/")
    sentence = "That took too long, or was tried too often. Sign in with your name and password again."
    return half_way.clear(request, signin.start_over(request, sentence, status=status))


def _wait(seconds: int) -> str:
    time = f"{seconds} seconds" if seconds < 100 else f"{-(-seconds // 60)} minutes"
    return f"Too many wrong codes. Wait {time}, or use a backup code or a passkey."
