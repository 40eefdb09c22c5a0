"""The page of who may do what: the table of board/permissions.py, in words."""

from starlette.requests import Request
from starlette.responses import Response

from board import permissions
from board.kit.templates import answer
from board.permissions import LIMITS, RIGHTS, ROLES

WORDS = {"yes": "yes", "no": "–", "own": "own", "others": "others’", "board": "there", "own+board": "own, there"}

# Columns that say the same as the one before them, but for where they differ, would only fill a phone's screen.
SHOWN = {name: label for name, label in ROLES.items() if name != "waiting"}


async def show(request: Request) -> Response:
    """GET /help/rights"""

    async def make() -> str:
        return request.app.state.templates.render(
            request, "roles/rights.html", roles=SHOWN, rights=_rights(), limits=_limits(request), rules=permissions
        )

    return await answer(request, make)


def _rights() -> list[tuple[str, list[str]]]:
    return [(row.words, [WORDS[row.of(role)] for role in SHOWN]) for row in RIGHTS.values()]


def _limits(request: Request) -> list[tuple[str, list[str]]]:
    config = request.app.state.config
    settings = {
        "pictures": config.max_pictures,
        "picture_megabytes": config.max_picture_bytes / 1_000_000,
        "invitations": config.invitations,
    }

    def word(name: str, cell: str) -> str:
        if cell == "0":
            return "–"
        numbers = [settings[name]] if name in settings else []
        numbers += [] if cell in ("any", "setting") else [int(cell)]
        return f"{min(numbers):,.3g}" if numbers else "any"

    return [(row.words, [word(name, row.of(role)) for role in SHOWN]) for name, row in LIMITS.items()]
