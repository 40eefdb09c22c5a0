"""The link at the end of a mail about answers: it works signed out, for ever, and does nothing but end them."""

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

from board.kit.config import Config
from board.kit.db import value
from board.kit.errors import NotFound
from board.kit.templates import page

PATH = "/unsubscribe/"

_stop = value("answers/stop")


def address(config: Config, account_id: int) -> str:
    """The link for an account."""
    return f"{config.address}{PATH}{_signer(config).sign(str(account_id)).decode()}"


async def ask(request: Request) -> Response:
    """GET /unsubscribe/{token}: a button, since what reads mail before people do opens every link in it."""
    _account_id(request)
    return _page(request, done=False)


async def stop(request: Request) -> Response:
    """POST /unsubscribe/{token}: by that button, or by the mail program's own (RFC 8058), which has no cookie."""
    account_id = _account_id(request)
    async with request.app.state.database.connection() as connection:
        await _stop(connection, account_id=account_id)
    return _page(request, done=True)


def _page(request: Request, *, done: bool) -> Response:
    response = page(request, "answers/unsubscribe.html", done=done)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _account_id(request: Request) -> int:
    try:
        return int(_signer(request.app.state.config).unsign(request.path_params["token"]))
    except (BadSignature, ValueError):
        raise NotFound(
            "This link is not whole: copy all of it out of the mail, or sign in and choose under Settings."
        ) from None


def _signer(config: Config) -> Signer:
    return Signer([*reversed(config.keys())], salt="board.unsubscribe", key_derivation="hmac")
