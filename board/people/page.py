"""A person's page, as others see it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from board.kit import clients, names
from board.kit.db import one
from board.kit.errors import BadRequest, NotFound
from board.kit.pagecache import VARY
from board.kit.templates import see_other, wants_fragment
from board.people import history, pattern
from board.people.audience import may_see

_get = one("people/get")


async def show(request: Request) -> Response:
    """GET /people/{name}: who somebody is, and the tab that ?show= names.

    Read anew for everybody, strangers too: what a person hides has to be gone with the next request.
    """
    key = names.key(request.path_params["name"])
    async with request.app.state.database.connection() as connection:
        person = await _get(connection, name_key=key)
        if person is None:
            raise NotFound("There is nobody with this name.")
        if person["name_key"] != key:
            return _moved(request, person)
        html = await _render(request, connection, person)
    return HTMLResponse(html, headers={"Vary": VARY})


async def _render(request: Request, connection: Any, person: Any) -> str:
    viewer, config, query = request.state.viewer, request.app.state.config, request.query_params
    tabs = {name: words for name, (words, part, _) in history.TABS.items() if may_see(viewer, person, part)}
    tab = query.get("show") or next(iter(tabs), "threads")
    if tab not in history.TABS:
        raise BadRequest(f"“show” must be one of: {', '.join(history.TABS)}.")
    cursor, given = history.TABS[tab][2].read(query), _filter(request, tab)
    found = None
    if tab not in tabs and wants_fragment(request):
        raise NotFound(f"{person['name']} does not show this.")
    if tab in tabs:
        size = config.threads_per_page if tab in ("threads", "pictures") else config.messages_per_page
        found = await history.find(connection, tab, person, viewer, cursor, size, given)
    template = "people/show.html"
    if wants_fragment(request):
        template = "people/_list.html" if cursor.first else f"people/_{_LOOPS.get(tab, 'messages')}.html"
    return request.app.state.templates.render(
        request,
        template,
        person=person,
        pattern=pattern.address(person["name"]),
        shows_joined=may_see(viewer, person, "joined"),
        shows_statistics=may_see(viewer, person, "statistics"),
        tabs=tabs,
        tab=tab,
        given=given,
        kinds=history.KINDS,
        found=found,
        page=found.page if found else None,
        first=cursor.first,
        query=f"show={tab}&{given.query() if tab == 'messages' else ''}",
    )


# The templates of the tabs; the others list messages.
_LOOPS = {"threads": "threads", "pictures": "pictures"}


def _filter(request: Request, tab: str) -> history.Filter:
    if tab == "pictures":
        return history.Filter(pictures=True)
    given = history.Filter.read(request.query_params) if tab == "messages" else history.Filter()
    if given != history.Filter():
        request.app.state.limits.take("look through", clients.sender(request))
    return given


def _moved(request: Request, person: Any) -> Response:
    """They have another name now, and the rest of the address stays."""
    query = request.url.query
    return see_other(request, f"/people/{person['name']}{'?' if query else ''}{query}")
