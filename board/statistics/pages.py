"""The pages of statistics: a person's, and the whole board's for everybody."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import names
from board.kit.db import one
from board.kit.errors import NotFound
from board.kit.templates import answer_reading, page, see_other
from board.people.audience import may_see
from board.statistics import plots
from board.statistics.counting import count_later, figures

_get_person = one("statistics/get_person")
_get_board = one("statistics/get_board")

# Who wrote or voted oftener is counted by a job, and the figures are an hour old at most: 5,000 take 15 ms.
MOST = 5_000
WEEKS = 53


async def show_person(request: Request) -> Response:
    """GET /people/{name}/statistics: as far as they show them. Read anew for strangers too, as their page is."""
    key, viewer = names.key(request.path_params["name"]), request.state.viewer
    async with request.app.state.database.connection() as connection:
        person = await _get_person(connection, name_key=key, most=MOST)
        if person is None:
            raise NotFound("There is nobody with this name.")
        if person["name_key"] != key:
            return see_other(request, f"/people/{person['name']}/statistics")
        if not may_see(viewer, person, "statistics"):
            raise NotFound(f"{person['name']} does not show this.")
        if not person["few"] and person["stale"]:
            await count_later(connection, person["id"])
        found = await figures(connection, person["id"]) if person["few"] else person["figures"]
    shown = {part: may_see(viewer, person, part) for part in ("votes", "given")}
    drawn = _of_person(found, **shown) if found else {}
    return page(request, "statistics/person.html", person=person, figures=found, shown=shown, **drawn)


async def show(request: Request) -> Response:
    """GET /statistics: what the board did, for everybody."""

    async def make(connection: Any) -> str:
        found = await _get_board(connection, weeks=WEEKS)
        counted = found if found["counted_at"] else None
        return request.app.state.templates.render(
            request, "statistics/show.html", board=counted, **(_of_board(counted) if counted else {})
        )

    return await answer_reading(request, make)


def _of_person(found: dict[str, Any], *, votes: bool, given: bool) -> dict[str, Any]:
    weeks = plots.from_first(found["weeks"])
    drawn = [plots.weekly("Messages", weeks, "messages")]
    if votes:
        drawn.append(plots.weekly("Votes received, up and down", weeks, "ups", "downs"))
    if given:
        drawn.append(plots.weekly("Votes given", weeks, "given"))
    drawn.append(plots.daily("Messages by the hour of the day", found["hours"]))
    return {"weeks": weeks, "plots": drawn, "shares": plots.shares(found["boards"])}


def _of_board(found: Any) -> dict[str, Any]:
    return {
        "plots": [
            plots.weekly("Messages", found["weeks"], "messages"),
            plots.weekly("People who wrote", found["weeks"], "people"),
            plots.weekly("People who joined", found["weeks"], "joined"),
            plots.weekly("Votes, up and down", found["weeks"], "ups", "downs"),
            plots.weekly("Pictures", found["weeks"], "pictures"),
            plots.daily("Messages by the hour of the day", found["hours"]),
        ],
        "shares": plots.shares(found["boards"] or []),
    }
