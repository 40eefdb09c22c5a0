"""What strangers share through HTTP is a second old at most, and never a page of somebody who is signed in."""

import asyncio
import dataclasses

import pytest

from board.kit import db
from tests import look
from tests.conftest import Client
from tests.factories import make_message, make_thread


@pytest.fixture
def config(config):
    """The site's own setting."""
    return dataclasses.replace(config, page_cache_seconds=1.0)


@pytest.fixture
async def other(app):
    """Another stranger."""
    async with Client(app) as client:
        yield client


async def test_strangers_see_an_answer_after_a_second_and_people_at_once(alice, bob, stranger, other, thread):
    assert look.messages(await stranger.open(thread.path)) == [thread.opening]
    answer = await make_message(bob, thread)
    assert look.messages(await alice.open(thread.path)) == [thread.opening, answer]
    assert look.messages(await other.open(thread.path)) == [thread.opening]
    await asyncio.sleep(1)
    assert look.messages(await other.open(thread.path)) == [thread.opening, answer]


@pytest.mark.parametrize("path", ["/", "/threads/{}", "/people/alice", "/boards/general"])
async def test_nobody_is_shown_the_page_of_somebody_else(alice, bob, stranger, thread, path):
    path = path.format(thread.id)
    for _ in range(2):
        for client, name in ((alice, "alice"), (bob, "bob"), (stranger, None)):
            page = await client.open(path)
            me = [look.words(each) for each in look.with_class(look.tree(page), "me")]
            assert me == ([name] if name else [])
            assert ("Sign out" in page.text) == (name is not None)
            assert ("Vote up" in page.text) == (name == "bob" and "people" not in path)
            assert ("Delete thread" in page.text) == (name == "alice" and "threads" in path)


async def test_a_person_never_gets_a_not_modified_of_a_strangers_page(bob, stranger, thread):
    page = await stranger.open(thread.path)
    tag = {"If-None-Match": page.headers["etag"]}
    assert (await stranger.get(thread.path, headers=tag)).status_code == 304
    assert (await bob.get(thread.path, headers=tag)).status_code == 200
    assert "etag" not in (await bob.open(thread.path)).headers
    assert page.headers["cache-control"] == "private, no-cache"
    assert "Cookie" in page.headers["vary"]


async def test_a_page_and_its_fragment_do_not_mix(stranger, thread):
    for _ in range(2):
        assert (await stranger.open("/")).text.startswith("<!DOCTYPE")
        assert (await stranger.fragment("GET", "/")).text.lstrip().startswith("<nav")


async def test_a_page_that_is_missing_is_looked_for_again(admin, stranger):
    assert (await stranger.get("/boards/garden")).status_code == 404
    await admin.post("/boards", data={"slug": "garden", "name": "Garden", "description": ""})
    assert (await stranger.get("/boards/garden")).status_code == 200


async def test_a_crowd_of_strangers_costs_one_list(alice, stranger, other):
    await make_thread(alice)
    counted = db.queries.set([])
    pages = await asyncio.gather(*(client.get("/") for client in (stranger, other) * 20))
    assert db.queries.get() == ["boards/list", "threads/list_activity"]
    db.queries.reset(counted)
    assert len({page.text for page in pages}) == 1
