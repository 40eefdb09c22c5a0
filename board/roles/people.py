"""The list of people for moderators and admins: by role, by how a name begins, or by address."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import mailboxes, names
from board.kit.db import many
from board.kit.errors import BadRequest
from board.kit.paging import Order
from board.kit.sessions import signed_in
from board.kit.templates import page
from board.permissions import ROLES, can_see_addresses, insist

_list_people = many("roles/list_people")
_list_suspended = many("roles/list_suspended")
_search_people = many("roles/search_people")

BY_ID = Order("")
SIZE = 50

# What ?show= may be: all roles, one of them, or those who are suspended.
STORED = [role for role in ROLES if role not in ("stranger", "board_moderator")]
SHOWN = {"": "All"} | {role: ROLES[role] for role in STORED} | {"suspended": "Suspended"}


@signed_in
async def index(request: Request) -> Response:
    """GET /admin/people: ?show= names a role, ?q= what a name begins with, or an address."""
    insist(request.state.viewer, "see_people")
    show, searched = request.query_params.get("show", ""), request.query_params.get("q", "").strip()
    if show not in SHOWN:
        raise BadRequest(f"“show” in the address must be one of: {', '.join(filter(None, SHOWN))}.")
    cursor = BY_ID.read(request.query_params)
    async with request.app.state.database.connection() as connection:
        if searched:
            rows = await _search(request, connection, searched)
        elif show == "suspended":
            rows = await _list_suspended(connection, back=cursor.back, id=cursor.id, size=SIZE)
        else:
            roles = [show] if show else STORED
            rows = await _list_people(connection, roles=roles, back=cursor.back, id=cursor.id, size=SIZE)
    found = BY_ID.cut(rows, SIZE, cursor)
    return page(request, "roles/people.html", page=found, show=show, shown=SHOWN, q=searched, more=len(rows) > SIZE)


async def _search(request: Request, connection: Any, searched: str) -> list[Any]:
    """Nobody finds out by an address whose it is but admins, who see addresses anyway."""
    address = searched if "@" in searched and can_see_addresses(request.state.viewer) else ""
    beginning = names.key(searched[:200])
    rows: list[Any] = await _search_people(
        connection, beginning=beginning, ending=beginning + chr(0x10FFFF), address=mailboxes.key(address), size=SIZE
    )
    return rows
