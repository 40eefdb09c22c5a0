"""Whether this process lives, and whether it may be sent requests: for a cluster's probes and for proxies."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_SILENT = "The database does not answer in time: look whether it runs, is reachable and has a connection to spare."


async def live(request: Request) -> Response:
    """GET /health/live: the event loop turns. Asks nobody: a database that is away is no reason to be restarted.

    Names the release, so that a deploy can tell when it is the new one that answers.
    """
    release = request.app.state.config.release
    return _told(f"Alive.\nRelease: {release}" if release else "Alive.")


async def ready(request: Request) -> Response:
    """GET /health/ready: 503 with a sentence while nobody should be sent here."""
    lack = await what_is_lacking(request)
    return _told(lack, 503) if lack else _told("Ready.")


async def what_is_lacking(request: Request) -> str:
    """Why nobody should be sent here, in a sentence; empty if all is well."""
    stopping = getattr(request.state, "stopping", None)
    if stopping is not None and stopping.is_set():
        return "The server was told to stop."
    lack = await request.app.state.vitals.lacks.get()
    return _SILENT if lack is None else lack


def _told(sentence: str, status: int = 200) -> Response:
    return PlainTextResponse(f"{sentence}\n", status, headers={"Cache-Control": "no-store"})
