"""The tree of invitations: who brought whom, from the first on."""

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import names
from board.kit.db import many
from board.kit.errors import NotFound
from board.kit.paging import Order, Page
from board.kit.sessions import signed_in
from board.kit.templates import page

_list_roots = many("joining/list_roots")
_list_guests = many("joining/list_guests")
_list_hosts = many("joining/list_hosts")

_PAGE = 25
# So many guests of one person are shown below them; one's own page shows all.
_WIDTH = 5
_MOST_HOSTS = 50
_OLDEST_FIRST = Order("", first_id=0)


@dataclass(slots=True)
class _Person:
    """Somebody in the tree with those whom they brought; `more` if those are not all."""

    row: Any
    guests: list["_Person"] = field(default_factory=list)
    more: bool = False


@signed_in
async def show(request: Request) -> Response:
    """GET /invitations, or with ?of={name} those whom somebody brought, and who brought them."""
    of = request.query_params.get("of", "")[:200]
    cursor = _OLDEST_FIRST.read(request.query_params)
    where = {"back": cursor.back, "id": cursor.id, "size": _PAGE, "width": _WIDTH}
    hosts = []
    async with request.app.state.database.connection() as connection:
        if of:
            hosts = await _list_hosts(connection, name_key=names.key(of), most=_MOST_HOSTS)
            if not hosts:
                raise NotFound("There is nobody with this name.")
            rows = await _list_guests(connection, host_id=hosts[-1]["id"], depth=1, **where)
        else:
            rows = await _list_roots(connection, depth=2, **where)
    tops, found = _grow(rows, depth=1 if of else 2)
    cut: Page = _OLDEST_FIRST.cut([top.row for top in tops], _PAGE, cursor)
    return page(request, "joining/tree.html", hosts=hosts, page=cut, people=[found[row["id"]] for row in cut.rows])


def _grow(rows: list[Any], depth: int) -> tuple[list[_Person], dict[int, _Person]]:
    """The people at the top of the rows, in order, and all of them by id."""
    found: dict[int, _Person] = {}
    tops = []
    for row in rows:
        person = found[row["id"]] = _Person(row, more=row["depth"] == depth and row["has_invited"])
        host = found.get(row["host_id"])
        if row["depth"] == 0:
            tops.append(person)
        elif host and len(host.guests) < _WIDTH:
            host.guests.append(person)
        elif host:
            host.more = True
    return tops, found
