"""Pages and fragments from the same templates, and a problem as either."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from board.kit.errors import Problem, TooMany
from board.kit.pagecache import VARY

_PACKAGE = Path(__file__).resolve().parents[1]
TEMPLATES = _PACKAGE / "templates" if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent / "templates"

_URL_SIGNS = "/?#[]@!$&'()*+,;=:%~"


class Templates:
    """The Jinja environment; `shared` names are known in every template, such as the permission functions."""

    def __init__(self, shared: dict[str, Any], folder: Path = TEMPLATES) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(FILTERS)
        self._environment.globals.update(shared)

    def render(self, request: Request, name: str, /, **context: Any) -> str:
        """HTML of a template, with `viewer`, `request` and their `settings` besides what is given."""
        template = self._environment.get_template(name)
        # Where a request failed before they were known, those of `shared` are there.
        chosen = getattr(request.state, "settings", None)
        known = {"settings": chosen} if chosen else {}
        return template.render(request=request, viewer=viewer(request), **known, **context)

    def text(self, name: str, /, **context: Any) -> str:
        """The same of a template that knows of no request: it answers none."""
        return self._environment.get_template(name).render(**context)


def viewer(request: Request) -> Any:
    """Who asks: a row with id, name and role, or None for a stranger."""
    return getattr(request.state, "viewer", None)


def wants_fragment(request: Request) -> bool:
    """Whether htmx asked for a part of the page. For the Back button it asks for the whole page."""
    return "hx-request" in request.headers and request.headers.get("hx-request-type") != "full"


def page(request: Request, name: str, /, status: int = 200, **context: Any) -> Response:
    """Answer with a template."""
    html = request.app.state.templates.render(request, name, **context)
    return HTMLResponse(html, status, headers={"Vary": VARY})


async def answer(request: Request, make: Callable[[], Awaitable[str]]) -> Response:
    """Answer with HTML that `make` renders: strangers share it for a moment, everybody else gets their own."""
    if viewer(request) is None:
        return await request.app.state.pages.response(request, make, wants_fragment(request))
    return HTMLResponse(await make(), headers={"Vary": VARY})


async def answer_reading(request: Request, make: Callable[[Any], Awaitable[str]]) -> Response:
    """Answer with HTML that `make(connection)` renders; what strangers read may come from a replica."""
    read = request.app.state.database.read
    return await answer(request, partial(read, make, fresh=viewer(request) is not None))


def see_other(request: Request, url: str) -> Response:
    """Send the browser to a page of ours after a POST; `url` begins with a slash."""
    # Headers are Latin-1; what is percent-encoded already stays so.
    url = quote(url, safe=_URL_SIGNS)
    if wants_fragment(request):
        return Response(headers={"HX-Redirect": url, "Vary": VARY})
    return Response(status_code=303, headers={"Location": url, "Vary": VARY})


def problem(request: Request, error: Problem) -> Response:
    """A problem as a page with its sentence and what was typed; to htmx as a notice beside the form, which stays."""
    name = "_notice.html" if wants_fragment(request) else "error.html"
    response = page(request, name, error.status, sentence=error.sentence, kept=error.kept, status_code=error.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def iso(time: datetime) -> str:
    """For <time datetime>: seconds are enough."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(time: datetime) -> str:
    """For people who want to know exactly, in UTC."""
    return time.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC")


def ago(time: datetime) -> str:
    """How long ago, short: "now", "5 min", "3 h", "6 d", then the date."""
    now = datetime.now(UTC)
    seconds = (now - time).total_seconds()
    if seconds < 60:
        return "now"
    for unit, size, limit in (("min", 60, 3600), ("h", 3600, 86_400), ("d", 86_400, 7 * 86_400)):
        if seconds < limit:
            return f"{int(seconds // size)} {unit}"
    return time.strftime("%-d %b" if time.year == now.year else "%-d %b %Y")


def amount(number: int, word: str, words: str = "") -> str:
    """ "1 message", "12 messages"."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"


FILTERS = {"ago": ago, "iso": iso, "day": day, "amount": amount}
