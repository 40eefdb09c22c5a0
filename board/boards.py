"""Boards: the rooms that threads belong to. Admins make and rename them."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import forms
from board.kit.db import many, one
from board.kit.errors import NotFound
from board.kit.sessions import signed_in
from board.kit.templates import answer_reading, page, see_other
from board.permissions import insist

list_boards = many("boards/list")
get_board = one("boards/get")
create_board = one("boards/create")
_edit = one("boards/edit")


async def index(request: Request) -> Response:
    """GET /boards"""

    async def make(connection: Any) -> str:
        boards = await list_boards(connection)
        return request.app.state.templates.render(request, "boards/index.html", boards=boards)

    return await answer_reading(request, make)


@signed_in
async def new(request: Request) -> Response:
    """GET /boards/new"""
    _check(request)
    return _form(request, None, slug="", name="", description="")


@signed_in
async def create(request: Request) -> Response:
    """POST /boards"""
    _check(request)
    async with forms.read(request) as form:
        slug, name, description = form.line("slug", "The short name", most=40), *_fields(form)
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", slug):
        form.errors.setdefault("slug", "The short name holds small letters a to z, digits, and - between them.")
    if slug == "new":
        form.errors["slug"] = "“new” is taken by the page that makes boards. Choose another short name."
    if not form.errors:
        async with request.app.state.database.connection() as connection:
            await create_board(connection, slug=slug, name=name, description=description)
            board = await get_board(connection, slug=slug)
        # The same board again is a second tap on the button.
        if (board["name"], board["description"]) == (name, description):
            return see_other(request, f"/boards/{slug}")
        form.errors["slug"] = "There is a board with this short name. Choose another."
    return _form(request, None, 422, form.errors, slug=slug, name=name, description=description)


@signed_in
async def edit(request: Request) -> Response:
    """GET /boards/{slug}/edit"""
    _check(request)
    board = await _find(request)
    return _form(request, board, slug=board["slug"], name=board["name"], description=board["description"])


@signed_in
async def update(request: Request) -> Response:
    """POST /boards/{slug}/edit"""
    _check(request)
    board = await _find(request)
    async with forms.read(request) as form:
        name, description = _fields(form)
    if form.errors:
        return _form(request, board, 422, form.errors, slug=board["slug"], name=name, description=description)
    async with request.app.state.database.connection() as connection:
        await _edit(connection, board_id=board["id"], name=name, description=description)
    return see_other(request, f"/boards/{board['slug']}")


def _check(request: Request) -> None:
    insist(request.state.viewer, "manage_boards")


async def find_board(connection: Any, slug: str) -> Any:
    """The board with this short name. Raises NotFound."""
    board = await get_board(connection, slug=slug)
    if board is None:
        raise NotFound("There is no such board.")
    return board


async def _find(request: Request) -> Any:
    async with request.app.state.database.connection() as connection:
        return await find_board(connection, request.path_params["slug"])


def _fields(form: forms.Form) -> tuple[str, str]:
    return form.line("name", "The name", most=40), form.line("description", "The description", most=300, least=0)


def _form(
    request: Request, board: Any, status: int = 200, errors: dict[str, str] | None = None, **fields: str
) -> Response:
    return page(request, "boards/form.html", status, board=board, errors=errors or {}, **fields)
