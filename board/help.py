"""Help: how to write, how the orders work, what may be uploaded."""

from starlette.requests import Request
from starlette.responses import Response

from board.kit.templates import answer


async def show(request: Request) -> Response:
    """GET /help"""

    async def make() -> str:
        return request.app.state.templates.render(request, "help.html")

    return await answer(request, make)
