"""The page where everybody chooses how the board looks, and members what mail they get."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import forms
from board.kit.db import one, value
from board.kit.templates import page, see_other
from board.settings.choices import OPTIONS, Settings
from board.settings.keeping import put_cookie

MAILS = {
    "never": "Never",
    "soon": "Soon: what came within ten minutes, in one mail",
    "daily": "Once a day at most",
}
_NO_ADDRESS = "There is no address to mail to yet. Add one to your account, and open the link that is mailed to it."

_get_mail = one("settings/get_mail")
_save = value("settings/save")


async def show(request: Request) -> Response:
    """GET /settings"""
    mail = await _mail(request)
    return _page(request, request.state.settings, mail, mail and mail["answer_mail"])


async def save(request: Request) -> Response:
    """POST /settings: into the account, or for a stranger into a cookie."""
    async with forms.read(request) as form:
        given: dict[str, Any] = {name: form.choice(name, tuple(options)) for name, options in OPTIONS.items()}
        answer_mail = form.choice("answer_mail", tuple(MAILS)) if request.state.viewer else "never"
    chosen, response = Settings(**given), see_other(request, "/settings?saved=1")
    if request.state.viewer is None:
        put_cookie(request, response, chosen)
        return response
    mail = await _mail(request)
    if answer_mail != "never" and not mail["has_address"]:
        return _page(request, chosen, mail, answer_mail, {"answer_mail": _NO_ADDRESS})
    async with request.app.state.database.connection() as connection:
        viewer_id = request.state.viewer["id"]
        await _save(connection, account_id=viewer_id, settings=chosen.text(), answer_mail=answer_mail)
    return response


async def _mail(request: Request) -> Any:
    if request.state.viewer is None:
        return None
    async with request.app.state.database.connection() as connection:
        return await _get_mail(connection, account_id=request.state.viewer["id"])


def _page(
    request: Request, chosen: Settings, mail: Any, answer_mail: str | None, errors: dict[str, str] | None = None
) -> Response:
    return page(
        request,
        "settings/show.html",
        422 if errors else 200,
        chosen=chosen,
        options=OPTIONS,
        mails=MAILS if mail else {},
        has_address=bool(mail and mail["has_address"]),
        answer_mail=answer_mail,
        saved="saved" in request.query_params and not errors,
        errors=errors or {},
    )
