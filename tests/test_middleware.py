"""What every request passes: errors become pages, never riddles, and what is logged can not be forged."""

import asyncio
import logging
import re

import httpx
import pytest
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from board.kit.errors import Conflict, Unavailable
from board.kit.logs import Text, request_id
from tests import look

SECRET = "postgresql://me:secret@host/board"


@pytest.fixture
async def visitor(app):
    """A browser that is not surprised by a crash, and addresses that do what they are told."""

    async def crash(request):
        raise RuntimeError(SECRET)

    async def late(request):
        async def pieces():
            yield b"a" * 2_000
            raise RuntimeError(SECRET)

        return StreamingResponse(pieces(), media_type="text/plain")

    async def stream(request):
        async def pieces():
            for _ in range(3):
                yield b"words " * 500

        return StreamingResponse(pieces(), media_type="text/html")

    async def leave(request):
        raise ClientDisconnect

    async def busy(request):
        try:
            raise OSError(SECRET)
        except OSError as error:
            raise Unavailable("Try again in a moment.") from error

    async def changed(request):
        raise Conflict("It has changed.", kept="What I wrote <b>.")

    async def plain(request):
        return PlainTextResponse("words " * 500, headers={"Cache-Control": "max-age=5"})

    async def packed(request):
        return Response(b"x" * 2_000, media_type="text/plain", headers={"Content-Encoding": "gzip"})

    async def picture(request):
        return Response(b"x" * 2_000, media_type="image/webp")

    for endpoint in (crash, late, stream, leave, busy, changed, plain, packed, picture):
        app.router.routes.insert(0, Route(f"/test/{endpoint.__name__}/{{more}}", endpoint))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


async def test_a_crash_is_a_page_with_a_number_that_stands_in_the_log(visitor, caplog):
    answer = await visitor.get("/test/crash/x")
    assert answer.status_code == 500
    (number,) = re.findall("this number: ([0-9a-f]{12})", answer.text)
    assert answer.headers["x-request-id"] == number
    (record,) = [each for each in caplog.records if each.name == "board"]
    assert record.levelno == logging.ERROR
    assert SECRET in str(record.exc_info[1])
    assert request_id.get() == number
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "Our mistake" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_by_htmx_a_crash_is_a_notice(visitor):
    answer = await visitor.get("/test/crash/x", headers={"HX-Request": "true"})
    assert answer.status_code == 500
    assert answer.text.startswith("<hx-partial")
    assert "this number: " in look.errors(answer)[0]


async def test_a_part_that_does_not_answer_is_a_503_and_its_cause_stands_in_the_log_alone(visitor, caplog):
    answer = await visitor.get("/test/busy/x")
    assert (answer.status_code, "Try again in a moment." in answer.text) == (503, True)
    assert "secret" not in answer.text
    (record,) = [each for each in caplog.records if each.name == "board"]
    assert record.levelno == logging.WARNING
    assert SECRET in record.getMessage()


async def test_a_problem_of_the_person_is_not_logged_and_gives_back_what_was_typed(visitor, caplog):
    answer = await visitor.get("/test/changed/x")
    assert answer.status_code == 409
    assert "It has changed." in answer.text
    assert look.by_id(look.tree(answer), "kept").text == "What I wrote <b>."
    assert not [each for each in caplog.records if each.name == "board"]


@pytest.mark.parametrize("name", ["crash", "busy", "leave"])
async def test_an_address_is_not_in_the_log(visitor, caplog, name):
    caplog.set_level(logging.INFO, "board")
    if name == "leave":
        with pytest.raises(AssertionError):
            # There is nobody to answer to; httpx finds that odd.
            await visitor.get(f"/test/{name}/%0aERROR%20board%20forged%0d%1b[31m")
    else:
        await visitor.get(f"/test/{name}/%0aERROR%20board%20forged%0d%1b[31m")
    lines = [Text().format(each) for each in caplog.records if each.name.startswith("board")]
    assert any(f"/test/{name}/{{more}}" in line for line in lines)
    assert "forged" not in "".join(lines)


async def test_a_crash_in_the_middle_of_an_answer_is_not_answered_twice(visitor):
    with pytest.raises(RuntimeError):
        await visitor.get("/test/late/x")


async def test_a_stream_passes_as_it_is_and_a_whole_page_is_compressed(visitor):
    stream = await visitor.get("/test/stream/x", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in stream.headers
    assert len(stream.text) == 9_000
    page = await visitor.get("/test/plain/x", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    assert int(page.headers["content-length"]) < 200
    assert page.text == "words " * 500


@pytest.mark.parametrize("name", ["packed", "picture"])
async def test_what_is_compressed_already_is_left_alone(visitor, name):
    request = visitor.build_request("GET", f"/test/{name}/x", headers={"Accept-Encoding": "br"})
    answer = await visitor.send(request, stream=True)
    assert answer.headers["content-length"] == "2000"
    assert answer.headers.get("content-encoding") == {"packed": "gzip"}.get(name)
    await answer.aclose()


async def test_an_answer_may_say_itself_how_long_it_is_kept_and_the_others_are_private(visitor):
    assert (await visitor.get("/test/plain/x")).headers["cache-control"] == "max-age=5"
    assert (await visitor.get("/test/picture/x")).headers["cache-control"] == "private, no-cache"


async def test_each_request_has_a_number_of_its_own(visitor):
    answers = await asyncio.gather(*(visitor.get("/help") for _ in range(20)))
    assert len({each.headers["x-request-id"] for each in answers}) == 20
