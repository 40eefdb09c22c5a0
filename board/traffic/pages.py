"""The pages of figures: everything for admins, a summary for all if a setting says so, a thread's for its author."""

from datetime import UTC, date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit.db import many, one
from board.kit.errors import BadRequest, NotFound
from board.kit.sessions import signed_in
from board.kit.templates import answer_reading, page
from board.permissions import insist, runs_the_board
from board.traffic import report
from board.traffic.series import Series, Step
from board.traffic.window import RANGES, Window, window

_list_points = many("traffic/list_points")
_get_report = one("traffic/get_report")
_get_thread = one("traffic/get_thread")


async def show(request: Request) -> Response:
    """GET /traffic: in the time that ?range= names."""
    if runs_the_board(request.state.viewer):
        return await _show_everything(request)
    if request.app.state.config.traffic_public:
        return await _show_summary(request)
    raise NotFound("There is nothing at this address.")


@signed_in
async def show_thread(request: Request) -> Response:
    """GET /threads/{id}/views: how often a thread was opened, day by day, for who started it."""
    shown, viewer = _window(request), request.state.viewer
    insist(viewer, "see_views", owner=viewer["id"])
    if shown.step == "hour":
        raise BadRequest("Views of a thread are counted by the day. Choose 7 days or more.")
    async with request.app.state.database.connection() as connection:
        thread = await _get_thread(
            connection,
            thread_id=request.path_params["id"],
            viewer_id=viewer["id"],
            sees_all=runs_the_board(viewer),
            since=shown.before[0].date(),
        )
    if thread is None:
        raise NotFound("There is no such thread, or it is not yours.")
    series = _views(shown, thread["days"] or [])
    ranges = [name for name in RANGES if name != "day"]
    return page(request, "traffic/thread.html", thread=thread, ranges=ranges, **_context(series, report.VIEWS))


async def _show_everything(request: Request) -> Response:
    shown = _window(request)
    async with request.app.state.database.connection() as connection:
        points = await _points(connection, shown)
        found = await _get_report(connection, span=shown.step, since=shown.starts[0], before=shown.before[0])
    series = Series.read(shown, points, found["paces"] or [])
    tables = report.tables(*(found[name] or [] for name in ("sums", "times", "threads")))
    return page(request, "traffic/show.html", ranges=list(RANGES), tables=tables, **_context(series, report.EVERYTHING))


async def _show_summary(request: Request) -> Response:
    shown = _window(request)

    async def make(connection: Any) -> str:
        series = Series.read(shown, await _points(connection, shown), [])
        return request.app.state.templates.render(
            request, "traffic/show.html", ranges=list(RANGES), tables=[], **_context(series, report.SUMMARY)
        )

    return await answer_reading(request, make)


def _window(request: Request) -> Window:
    return window(request.query_params.get("range", "month"), datetime.now(UTC))


async def _points(connection: Any, shown: Window) -> list[Any]:
    visitors_span = "day" if shown.step == "hour" else shown.step
    return await _list_points(connection, span=shown.step, visitors_span=visitors_span, since=shown.before[0])


def _views(shown: Window, days: list[Any]) -> Series:
    steps = {start: Step() for start in [*shown.before, *shown.starts]}
    for day, views in days:
        if step := steps.get(shown.start_of(date.fromisoformat(day))):
            step.views += views
    return Series(shown, [steps[start] for start in shown.starts], [steps[start] for start in shown.before])


def _context(series: Series, what: Any) -> dict[str, Any]:
    return {
        "window": series.window,
        "labels": {name: label for name, (label, *_) in RANGES.items()},
        "tiles": report.tiles(series, what),
        "plots": report.plots(series, what),
        "steps": report.steps(series, what),
    }
