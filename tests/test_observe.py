"""What observers are told of a request."""

import logging

import httpx
import pytest

from board.kit.observe import Observe, Observers, Seen


@pytest.fixture
def seen(app) -> list[Seen]:
    told: list[Seen] = []
    app.state.observers.append(told.append)
    return told


async def test_a_page_is_told_with_its_route_and_its_size(stranger, seen):
    answer = await stranger.get("/threads/999")
    [told] = seen
    assert (told.route, told.status, told.complete) == ("/threads/{id:id}", 404, True)
    assert told.content_type == "text/html"
    assert 0 < told.seconds < 60
    assert told.bytes == answer.num_bytes_downloaded
    assert told.scope["state"]["request_id"] == answer.headers["x-request-id"]


async def test_who_asked_is_told(alice, seen):
    await alice.get("/")
    assert seen[0].scope["state"]["viewer"]["name"] == "alice"


async def test_an_address_that_leads_nowhere_has_no_route(stranger, seen):
    await stranger.get("/nothing/here")
    await stranger.get("/a%00b")
    assert [(told.route, told.status) for told in seen] == [("", 404), ("", 400)]


async def test_a_wrong_method_keeps_its_route(stranger, seen):
    await stranger.get("/messages/7/vote")
    assert (seen[0].route, seen[0].status) == ("/messages/{id:id}/vote", 405)


async def test_an_observer_that_fails_harms_nobody(app, stranger, seen, caplog):
    def broken(told: Seen) -> None:
        raise ZeroDivisionError

    app.state.observers.insert(0, broken)
    with caplog.at_level(logging.ERROR, "board.observe"):
        assert (await stranger.get("/")).status_code == 200
    assert len(seen) == 1
    assert "broken" in caplog.text


async def test_an_answer_that_breaks_off_is_told_as_incomplete():
    async def half(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ConnectionError

    told: list[Seen] = []
    transport = httpx.ASGITransport(app=Observe(half, Observers([told.append])), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://board") as client:
        await client.get("/")
    assert (told[0].status, told[0].bytes, told[0].complete) == (200, 4, False)


async def test_a_client_that_leaves_before_the_answer_has_no_status():
    async def left(scope, receive, send):
        return

    told: list[Seen] = []
    await Observe(left, Observers([told.append]))({"type": "http"}, None, None)
    assert (told[0].status, told[0].complete) == (0, False)
