"""Log lines: one a request, one form for all, and nothing in them that a person has sent."""

import io
import json
import logging
import re

import asyncpg
import httpx
import pytest
from starlette.responses import Response
from starlette.routing import Route

from board.kit import logs
from board.kit.db import value
from board.kit.logs import Json, Text
from tests.conftest import ORIGIN
from tests.factories import fields
from tests.photos import phone
from tests.test_command import running

SECRET = "aubergine"


@pytest.fixture
def lines():
    """What is logged as JSON, line by line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json())
    ours = logging.getLogger("board")
    level = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    logs.request_id.set("")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    ours.removeHandler(handler)
    ours.setLevel(level)


def crash(app, error: Exception) -> None:
    """Give the site an address at which that happens."""

    async def endpoint(request):
        raise error

    app.router.routes.insert(0, Route("/crash/{word}", endpoint))


def from_a_proxy(app, **headers: str) -> httpx.AsyncClient:
    """A client whose address uvicorn has from a trusted proxy."""
    transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 0))
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)


async def test_a_request_is_one_line_with_the_pattern_of_its_address(alice, lines):
    answer = await alice.get(f"/people/{SECRET}?show={SECRET}", headers={"User-Agent": SECRET, "Referer": SECRET})
    (line,) = lines()
    assert line.pop("ms") > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "info",
        "logger": "board.request",
        "message": "answered",
        "request": answer.headers["x-request-id"],
        "method": "GET",
        "route": "/people/{name}",
        "status": 404,
        "bytes": answer.num_bytes_downloaded,
        "viewer": "member",
    }


async def test_a_stranger_is_a_person_and_an_odd_method_is_not_repeated(stranger, lines):
    await stranger.request(SECRET.upper(), f"/{SECRET}")
    assert [(line["viewer"], line["method"], line["route"]) for line in lines()] == [("person", "other", "")]


async def test_a_probe_is_told_only_when_it_fails(app, stranger, lines):
    await stranger.get("/health/live")
    await stranger.get("/health/ready")
    assert lines() == []
    app.router.routes.insert(0, Route("/health/ready", lambda _: Response(status_code=503)))
    await stranger.get("/health/ready")
    assert [(line["route"], line["status"], line["level"]) for line in lines()] == [("/health/ready", 503, "error")]


async def test_every_line_of_a_request_bears_its_id(app, stranger, lines):
    crash(app, RuntimeError(SECRET))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        first, second = [(await client.get("/crash/x")).headers["x-request-id"] for _ in range(2)]
    assert first != second
    assert [line["request"] for line in lines()] == [first, first, second, second]


async def test_a_crash_is_one_line_with_its_stack_but_not_its_words(app, lines):
    error = KeyError(SECRET)
    error.__cause__ = asyncpg.UniqueViolationError(f"duplicate {SECRET}")
    error.__cause__.detail, error.__cause__.constraint_name = SECRET, "a_name_looks_like_no_other"
    crash(app, error)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client:
        await client.get(f"/crash/{SECRET}")
    failed, request = lines()
    assert (failed["level"], failed["message"], request["status"]) == ("error", "failed", 500)
    assert "in endpoint\n    raise error" in failed["exception"]
    cause = "asyncpg.exceptions.UniqueViolationError 23505 a_name_looks_like_no_other\nwhich led to\n"
    assert failed["exception"].startswith(cause)
    assert failed["exception"].endswith("KeyError\n")
    assert SECRET not in json.dumps(lines())


def test_outside_of_a_request_a_machine_speaks_in_full():
    logs.request_id.set("")
    assert logs.described(RuntimeError("the bucket is gone")) == "RuntimeError: the bucket is gone"
    logs.request_id.set("0123456789ab")
    assert logs.described(RuntimeError("the bucket is gone")) == "RuntimeError"
    assert logs.described(ConnectionRefusedError(111, "refused")) == "ConnectionRefusedError: [Errno 111] refused"


def test_of_what_asyncio_says_only_its_sentence_is_kept():
    record = logging.LogRecord("asyncio", logging.ERROR, "", 0, f"It was never retrieved\nfuture: {SECRET}", (), None)
    for form in (Json(), Text()):
        assert "It was never retrieved" in form.format(record)
        assert SECRET not in form.format(record)


@pytest.mark.parametrize("given", ["0af7651916cd43dd8448eb211c80319c", "a-b_c.d-12345678"])
async def test_a_trusted_proxy_may_name_the_request(app, given):
    async with from_a_proxy(app, **{"X-Request-ID": given}) as client:
        assert (await client.get("/help")).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "alice smith", 'a"><script>b', "a\tbcdefghij", ""])
async def test_even_a_trusted_proxy_may_not_name_it_anyhow(app, given):
    async with from_a_proxy(app, **{"X-Request-ID": given}) as client:
        assert re.fullmatch("[0-9a-f]{12}", (await client.get("/help")).headers["x-request-id"])


async def test_nobody_else_may_name_the_request(stranger):
    answer = await stranger.get("/help", headers={"X-Request-ID": "0af7651916cd43dd", "X-Forwarded-For": "192.0.2.7"})
    assert re.fullmatch("[0-9a-f]{12}", answer.headers["x-request-id"])


async def test_a_slow_statement_is_told_by_its_file(database, lines, tmp_path, monkeypatch):
    (tmp_path / "nap.sql").write_text("select cast(:word as text) from pg_sleep(0.03)")
    monkeypatch.setattr("board.kit.db.SQL", tmp_path)
    nap = value("nap")
    logs.request_id.set("0123456789ab")
    for least in (0.01, 10_000):
        database.watchers[:] = [logs.SlowLog(least)]
        async with database.connection() as connection:
            assert await nap(connection, word=SECRET) == SECRET
    (line,) = lines()
    assert line["ms"] >= 30
    assert (line["statement"], line["request"], line["level"]) == ("nap.sql", "0123456789ab", "warning")
    assert SECRET not in json.dumps(line)


async def test_a_whole_session_leaves_nothing_of_a_person_in_the_log(tmp_path, own_database):
    settings = {"DATABASE_URL": own_database, "LOG_FORMAT": "json", "SLOW_QUERY_MS": "0", "STORAGE_URL": ""}
    with running(tmp_path / "data", "board", "serve", **settings) as (process, line):
        await _live_a_life(line.removeprefix("Board is at "), own_database)
        process.terminate()
        process.wait(20)
    written = (tmp_path / "log").read_text()
    said = [json.loads(each) for each in written.splitlines()]
    assert {"board.request", "board.slow", "board", "board.kit.pictures"} <= {each["logger"] for each in said}
    statuses = {each["status"] for each in said if "status" in each}
    assert {200, 303, 400, 404, 405, 422, 500} <= statuses
    assert SECRET not in written.lower()
    assert not re.search(r"127\.0\.0\.1|192\.0\.2\.9|httpx|mozilla", written.lower())


async def _live_a_life(address: str, database: str) -> None:
    """Everything that a person sends holds the word; the last requests are to fail."""
    told = {"Origin": address, "User-Agent": f"Mozilla {SECRET}", "X-Forwarded-For": "192.0.2.9", "Accept": SECRET}
    async with httpx.AsyncClient(base_url=address, headers=told | {"Referer": f"{address}/{SECRET}"}) as person:
        sign = {"name": SECRET, "password": f"four words and {SECRET} more", "next": f"/people/{SECRET}"}
        assert (await person.post("/sign-up", data=fields(**sign))).status_code == 303
        assert (await person.post("/sign-in", data=sign)).status_code == 303
        assert (await person.post("/sign-in", data=sign | {"password": f"wrong {SECRET}"})).status_code == 422
        assert (
            await person.post("/sign-up", data=fields(**sign | {"password": "other than before"}))
        ).status_code == 422
        post = fields(title=SECRET, board="general", text=f"{SECRET} https://{SECRET}.example")
        picture = {"files": (f"{SECRET}.jpg", phone("JPEG"))}
        started = await person.post("/threads", data=post | {"new_alt": SECRET}, files=picture)
        assert started.status_code == 303
        torn = {"files": (f"{SECRET}.png", b"\x89PNG\r\n\x1a\n" + SECRET.encode() * 99)}
        await person.post("/threads", data=fields(title=SECRET, board="general", text=SECRET), files=torn)
        thread = started.headers["location"].partition("#")[0]
        answered = await person.post(f"{thread}/messages", data=fields(text=SECRET))
        assert answered.status_code == 303
        for path in (thread, f"/people/{SECRET}", f"/{SECRET}?{SECRET}", f"/a%00{SECRET}", f"{thread}?after={SECRET}"):
            await person.get(path)
        await person.post("/messages/1/vote", data={"value": SECRET})
        await person.get("/messages/1/vote")
        await person.post(
            "/sign-in",
            content=f"{SECRET}=%zz&{SECRET}".encode() * 9,
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        connection = await asyncpg.connect(database)
        await connection.execute("alter table messages rename to gone")
        await connection.close()
        assert (await person.get(f"/people/{SECRET}?show=messages")).status_code == 500
        assert (await person.post(f"{thread}/messages", data=fields(text=SECRET))).status_code == 500
