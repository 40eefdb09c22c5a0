"""Health: whether this process lives, and whether it may be sent requests. For a cluster's probes and for proxies."""

import asyncio
import logging

import asyncpg
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from board.kit import logs
from board.kit.db import Database
from board.kit.errors import Problem
from board.kit.migrate import pending

log = logging.getLogger("board.health")

# Asked every few seconds: worth a line in the log only when they fail.
QUIET = frozenset(("/health/live", "/health/ready"))

ANSWER_SECONDS = 2
_SHARED_SECONDS = 1
_SILENT = f"The database has not answered for {ANSWER_SECONDS} seconds: look whether it runs and is reachable."


class Readiness:
    """Whether the database answers with this release's schema; asked once a second at most, whoever wants to know."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked = float("-inf")
        self._asking: asyncio.Task[str] | None = None

    async def lacks(self) -> str:
        """A sentence about what is missing, empty if nothing is. Never waits longer than ANSWER_SECONDS."""
        now = asyncio.get_running_loop().time()
        # A question that hangs is not asked anew: those would take the pool from the people.
        if self._asking is None or (self._asking.done() and now - self._asked >= _SHARED_SECONDS):
            self._asked, self._asking = now, asyncio.create_task(self._ask())
        await asyncio.wait((self._asking,), timeout=ANSWER_SECONDS)
        return self._asking.result() if self._asking.done() else _SILENT

    async def close(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait((self._asking,))

    async def _ask(self) -> str:
        try:
            missing = await pending(self._database)
        except Problem as problem:
            return problem.sentence
        except asyncpg.PostgresError as error:
            # The password was changed, say.
            log.error("the database refuses: %s", logs.described(error))
            return "The database refuses to answer: the log says why."
        return f"The database lacks {', '.join(missing)}: run `board migrate`." if missing else ""


async def live(request: Request) -> Response:
    """GET /health/live: the event loop turns. Asks nobody: a database that is away is no reason to be restarted.

    Names the release, so that a deploy can tell when it is the new one that answers.
    """
    release = request.app.state.config.release
    return _told(f"Alive.\nRelease: {release}" if release else "Alive.")


async def ready(request: Request) -> Response:
    """GET /health/ready: 503 with a sentence while nobody should be sent here."""
    stopping = getattr(request.state, "stopping", None)
    if stopping is not None and stopping.is_set():
        return _told("The server was told to stop.", 503)
    lacks = await request.app.state.readiness.lacks()
    return _told(lacks, 503) if lacks else _told("Ready.")


def _told(sentence: str, status: int = 200) -> Response:
    return PlainTextResponse(f"{sentence}\n", status, headers={"Cache-Control": "no-store"})
