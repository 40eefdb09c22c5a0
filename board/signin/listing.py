"""Where somebody is signed in, and the ways to end that: one session, all others, all."""

from starlette.requests import Request
from starlette.responses import Response

from board.kit import forms
from board.kit.db import many, value
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other

_list = many("sessions/list")
_delete = value("sessions/delete_by_id")

_HERE = "/account/sessions"


@signed_in
async def list_sessions(request: Request) -> Response:
    """GET /account/sessions"""
    async with request.app.state.database.connection() as connection:
        rows = await _list(connection, account_id=request.state.viewer["id"])
    return page(request, "signin/sessions.html", sessions=rows)


@signed_in
async def end_session(request: Request) -> Response:
    """POST /account/sessions/{id}/end: one of one's own; one that is over already is fine."""
    viewer, session = request.state.viewer, request.path_params["id"]
    async with request.app.state.database.connection() as connection:
        await _delete(connection, session_id=session, account_id=viewer["id"])
    return _signed_out(request) if session == viewer["session_id"] else see_other(request, _HERE)


@signed_in
async def end_sessions(request: Request) -> Response:
    """POST /account/sessions/end: `others` or `all`."""
    sessions = request.app.state.sessions
    async with forms.read(request) as form:
        others = form.choice("which", ("others", "all")) == "others"
    but = sessions.token(request.scope) if others else None
    async with request.app.state.database.connection() as connection:
        await sessions.end_all(connection, request.state.viewer["id"], but=but)
    return see_other(request, _HERE) if others else _signed_out(request)


def _signed_out(request: Request) -> Response:
    response: Response = request.app.state.sessions.clear_cookie(see_other(request, "/sign-in"))
    return response
