"""Large uploads one after the other on one connection, as browsers send them."""

import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from board.kit.server import serve

SIZES = (1_000, 60_000, 100_000, 200_000, 300_000, 800_000, 3_000_000)


async def weigh(request: Request) -> PlainTextResponse:
    """Read the form to its end, and tell how much was in it."""
    async with request.form() as form:
        return PlainTextResponse(str(sum(each.size for each in form.getlist("files"))))


def main(port: int) -> None:
    app = Starlette(routes=[Route("/", weigh, methods=["POST"])])
    serve(app, host="127.0.0.1", port=port, on_ready=lambda: print("ready", flush=True))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server in a process of its own."""
    from tests.test_command import free_port

    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.test_server_uploads", str(port)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    yield f"http://127.0.0.1:{port}/"
    process.terminate()
    assert process.wait(15) == 0
    process.stdout.close()


@pytest.mark.parametrize("text", [1, 100, 300, 3_000])
def test_each_upload_is_read_whatever_came_before_it(address, text):
    with httpx.Client(timeout=8) as client:
        for size in SIZES:
            files = [("files", (f"{number}.jpg", os.urandom(size), "image/jpeg")) for number in range(3)]
            answer = client.post(address, data={"text": "x" * text}, files=files)
            assert answer.text == str(3 * size)


if __name__ == "__main__":
    main(int(sys.argv[1]))
