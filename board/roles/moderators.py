"""Who moderates a board: everybody sees it, admins appoint and dismiss."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices
from board.accounts import get_account
from board.boards import find_board
from board.kit import forms, names
from board.kit.db import many, value
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other
from board.permissions import insist

_list_moderators = many("roles/list_moderators")
_appoint = value("roles/appoint")
_dismiss = value("roles/dismiss")


async def index(request: Request) -> Response:
    """GET /boards/{slug}/moderators"""
    return await _show(request)


@signed_in
async def appoint(request: Request) -> Response:
    """POST /boards/{slug}/moderators: by name; again changes nothing."""
    viewer = request.state.viewer
    insist(viewer, "give_roles")
    async with forms.read(request) as form:
        name = form.line("name", "The name", most=200)
    if form.errors:
        return await _show(request, name, form.errors)
    async with request.app.state.database.transaction() as connection:
        board = await find_board(connection, request.path_params["slug"])
        account = await get_account(connection, name_key=names.key(name))
        if account and account["role"] not in ("waiting", "moderator", "admin"):
            ids = {"account_id": account["id"], "actor_id": viewer["id"], "board_id": board["id"]}
            if await _appoint(connection, **ids):
                await notices.tell(request, connection, account["id"], "board given", board=board["name"])
            return see_other(request, f"/boards/{board['slug']}/moderators")
    return await _show(request, name, {"name": _why_not(account)})


@signed_in
async def dismiss(request: Request) -> Response:
    """POST /boards/{slug}/moderators/{id}/dismiss"""
    viewer, account_id = request.state.viewer, request.path_params["id"]
    insist(viewer, "give_roles")
    async with request.app.state.database.transaction() as connection:
        board = await find_board(connection, request.path_params["slug"])
        if await _dismiss(connection, account_id=account_id, actor_id=viewer["id"], board_id=board["id"]):
            await notices.tell(request, connection, account_id, "board taken", board=board["name"])
    return see_other(request, f"/boards/{board['slug']}/moderators")


async def _show(request: Request, name: str = "", errors: dict[str, str] | None = None) -> Response:
    async with request.app.state.database.connection() as connection:
        board = await find_board(connection, request.path_params["slug"])
        rows = await _list_moderators(connection, board_id=board["id"])
    status = 422 if errors else 200
    return page(request, "roles/moderators.html", status, board=board, rows=rows, name=name, errors=errors or {})


def _why_not(account: Any) -> str:
    if account is None:
        return "There is nobody with this name. Look it up in the list of people."
    if account["role"] == "waiting":
        return f"{account['name']} waits for approval still."
    return f"{account['name']} moderates every board already."
