"""The page for admins that shows the work beside the pages, and where they decide about what failed."""

from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit.db import Query, many, value
from board.kit.errors import Forbidden
from board.kit.queue import summary
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other
from board.permissions import runs_the_board

list_jobs = many("jobs/list")
retry_job = value("jobs/retry")
drop_job = value("jobs/drop")

_SHOWN = 50


@signed_in
async def index(request: Request) -> Response:
    """GET /jobs: periodic work, what runs, what died, and what is due next."""
    may = _check(request)
    async with request.app.state.database.connection() as connection:
        counts = await summary(connection)
        rows = await list_jobs(connection, size=_SHOWN, may=may)
    states = {state: list(found) for state, found in groupby(rows, key=lambda row: row["state"])}
    return page(request, "jobs/index.html", counts=counts, states=states)


@signed_in
async def retry(request: Request) -> Response:
    """POST /jobs/{id}/retry: at once, as if it had never failed. One that runs, or is done by now, is left alone."""
    return await _decide(request, retry_job)


@signed_in
async def drop(request: Request) -> Response:
    """POST /jobs/{id}/drop: for good."""
    return await _decide(request, drop_job)


async def _decide(request: Request, query: Query) -> Response:
    may = _check(request)
    async with request.app.state.database.connection() as connection:
        await query(connection, id=request.path_params["id"], may=may)
    return see_other(request, "/jobs")


def _check(request: Request) -> Any:
    if not runs_the_board(request.state.viewer):
        raise Forbidden("Only admins look after the work beside the pages.")
    return True
