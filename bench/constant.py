"""The measure of all pages: a constant answer of 10 KB by Starlette, under the server that Board runs under."""

import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from board.kit.server import serve

BODY = b"<p>Ten kilobytes.</p>\n".ljust(10_000, b".")


async def answer(_: Request) -> Response:
    return Response(BODY, media_type="text/html")


def main() -> None:
    port = int(sys.argv[1])
    app = Starlette(routes=[Route("/", answer)])
    serve(app, host="127.0.0.1", port=port, on_ready=lambda: print("ready", flush=True))


if __name__ == "__main__":
    main()
