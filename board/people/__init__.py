"""People: the page of what somebody started and wrote."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.accounts import get_account
from board.kit import names
from board.kit.db import many
from board.kit.errors import NotFound
from board.kit.paging import Order
from board.kit.sessions import signed_in
from board.kit.templates import answer_reading, page

_list_threads = many("threads/list_by_author")
_list_messages = many("messages/list_by_author")

_BY_ID = Order("")


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
            request, "people/show.html", person=person, page=found, shows_messages=shows_messages
        )

    return await answer_reading(request, make)


@signed_in
async def account(request: Request) -> Response:
    """GET /account: what is one's own, and the way to change it."""
    async with request.app.state.database.connection() as connection:
        person = await get_account(connection, name_key=names.key(request.state.viewer["name"]))
    return page(request, "people/account.html", person=person)
