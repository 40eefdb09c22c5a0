"""Who is too quick reads a sentence, is told when to try again, and loses nothing that was typed."""

import pytest

from board.app import LIMITS
from board.kit import ratelimit
from tests import look
from tests.entrance import at, sign_up, site
from tests.factories import fields, make_message, make_thread
from tests.routes import cheaply, everything
from tests.test_ratelimit import Clock


@pytest.fixture
async def limited(config, database, monkeypatch):
    """The site as it is for people: with limits. Its clock stands still, however slow this machine is."""
    monkeypatch.setattr(ratelimit, "time", Clock())
    async with site(config, database, rate_limits=True) as app:
        cheaply(app)
        yield app


def told(answer, action: str) -> None:
    """The answer is a 429 with the action's sentence and the seconds to wait."""
    most, seconds, sentence = LIMITS[action]
    assert answer.status_code == 429
    assert sentence in answer.text
    assert 1 <= int(answer.headers["retry-after"]) <= seconds / most + 1


async def test_joining_is_slowed_down_by_address_and_the_name_comes_back(limited):
    async with at(limited, "192.0.2.1") as many, at(limited, "192.0.2.2") as other:
        for number in range(LIMITS["sign up"][0]):
            assert (await sign_up(many, f"carol-{number}")).status_code == 303
        before = await everything(limited)
        answer = await sign_up(many, "one-too-many")
        told(answer, "sign up")
        assert look.by_id(look.tree(answer), "kept").text == "one-too-many"
        assert await everything(limited) == before
        assert (await sign_up(other, "from-elsewhere")).status_code == 303


@pytest.mark.parametrize("htmx", [False, True])
async def test_who_writes_too_fast_gets_the_text_back_in_the_form(limited, join, htmx):
    bob = await join("bob", app=limited)
    alice = await join("alice", app=limited)
    thread = await make_thread(alice)
    headers = {"HX-Request": "true"} if htmx else {}
    for number in range(LIMITS["post"][0]):
        text = fields(text=f"Number {number}")
        if number % 2:
            text |= {"action": "preview"}
        answer = await bob.post(f"{thread.path}/messages", data=text, headers=headers)
        assert answer.status_code in (200, 303)
    before = await everything(limited)
    for path, more in ((f"{thread.path}/messages", {}), ("/threads", {"title": "My title", "board": "general"})):
        answer = await bob.post(path, data=fields(text="One too many.", **more), headers=headers)
        told(answer, "post")
        back = look.fields(look.form(answer))
        assert back["text"].strip() == "One too many."
        assert back.get("title", "My title") == "My title"
    mine = await make_message(bob, thread)
    answer = await bob.post(f"/messages/{mine}/edit", data=fields(text="Other words.", revision="0"), headers=headers)
    told(answer, "post")
    assert look.fields(look.form(answer))["text"].strip() == "Other words."
    assert (await alice.post(f"{thread.path}/messages", data=fields(), headers=headers)).status_code in (200, 303)
    assert before["threads"].count("My title") == 0


@pytest.mark.parametrize("htmx", [False, True])
async def test_who_votes_too_fast_is_told_so(limited, join, htmx):
    alice, bob = await join("alice", app=limited), await join("bob", app=limited)
    thread = await make_thread(alice)
    headers = {"HX-Request": "true"} if htmx else {}
    for number in range(LIMITS["vote"][0]):
        answer = await bob.post(f"/messages/{thread.opening}/vote", data={"value": str(number % 2)}, headers=headers)
        assert answer.status_code == (200 if htmx else 303)
    before = await everything(limited)
    answer = await bob.post(f"/messages/{thread.opening}/vote", data={"value": "-1"}, headers=headers)
    told(answer, "vote")
    assert answer.text.startswith("<hx-partial") == htmx
    assert await everything(limited) == before


async def test_reading_is_never_slowed_down(limited, join):
    alice = await join("alice", app=limited)
    thread = await make_thread(alice)
    for _ in range(150):
        assert (await alice.get(f"/messages/{thread.opening}")).status_code == 303
