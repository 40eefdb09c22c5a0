"""What admins and moderators did to people, for both to read."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit.db import many
from board.kit.paging import Order
from board.kit.sessions import signed_in
from board.kit.templates import page
from board.permissions import ROLES, insist

list_deeds = many("roles/list_deeds")

BY_ID = Order("")
SIZE = 50


@signed_in
async def index(request: Request) -> Response:
    """GET /admin/log"""
    insist(request.state.viewer, "see_people")
    cursor = BY_ID.read(request.query_params)
    async with request.app.state.database.connection() as connection:
        rows = await list_deeds(connection, account_id=None, back=cursor.back, id=cursor.id, size=SIZE)
    return page(request, "roles/log.html", page=BY_ID.cut([told(row) for row in rows], SIZE, cursor))


def told(row: Any) -> dict[str, Any]:
    """A row of the log with what was done in words."""
    return dict(row) | {"words": _words(row["action"], row["details"])}


def _words(action: str, details: dict[str, Any]) -> str:
    if action == "role":
        return f"made {ROLES[details['new']].lower()}, before: {ROLES[details['old']].lower()}"
    if action == "trust":
        return {"given": "gave trust", "withheld": "withheld trust", "earned": "let trust be earned"}[details["trust"]]
    if action == "suspended":
        return f"suspended for {details['days']} days" if details["days"] else "suspended for ever"
    if action == "unsuspended":
        return "ended the suspension"
    verb = {"appointed": "appointed to moderate", "dismissed": "dismissed from moderating"}[action]
    return f"{verb} {details['board']}"
