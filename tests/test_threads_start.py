"""Start a thread: what is stored, what is refused, and that nothing typed is lost."""

import asyncio
import dataclasses
import re

import pytest

from board.app import create_app
from tests import look, photos
from tests.conftest import Client
from tests.factories import fields, make_account, row


async def count(app) -> tuple[int, int]:
    """How many threads and messages there are."""
    return tuple(await row(app, "select (select count(*) from threads), (select count(*) from messages)"))


def kept(answer) -> dict:
    """What came back in the form."""
    return look.fields(look.form(answer))


async def test_alice_starts_a_thread_with_pictures(alice, stranger):
    page = await alice.open("/threads/new")
    pictures = [(f"{n}.png", photos.encoded(photos.photo(320 + n, 200), "PNG")) for n in (0, 1)]
    answer = await look.submit(
        alice,
        page,
        *pictures,
        title="  Hello,\n  world ",
        text="First.\r\n\r\nSecond.",
        new_alt=["A cat", "Her\r\ntail"],
    )
    assert answer.status_code == 303
    assert re.fullmatch(r"/threads/\d+", answer.headers["location"])
    thread = await stranger.open(answer.headers["location"])
    assert look.words(next(look.tree(thread).iter("h1"))) == "Hello, world"
    assert "<p>First.</p>\n<p>Second.</p>" in thread.text
    assert [image.get("alt") for image in look.tree(thread).iter("img")] == ["A cat", "Her\ntail"]
    assert "General" in thread.text


async def test_a_thread_of_text_alone_works_without_multipart(alice):
    answer = await alice.post("/threads", data=fields(title="Plain", board="general"))
    assert answer.status_code == 303
    assert "Some words." in (await alice.open(answer.headers["location"])).text


async def test_the_form_knows_the_board_that_alice_came_from(app, alice):
    await row(app, "insert into boards (slug, name) values ('garden', 'The garden')")
    page = await alice.open("/threads/new?board=garden")
    assert kept(page)["board"] == "garden"
    answer = await look.submit(alice, page, title="Tulips", text="Red.")
    assert "/boards/garden" in look.links(look.tree(await alice.open(answer.headers["location"])))
    assert kept(await alice.open("/threads/new?board=nowhere"))["board"] == "general"


async def test_a_stranger_is_sent_to_sign_in_and_back(stranger):
    answer = await stranger.get("/threads/new?board=general")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/threads/new%3Fboard%3Dgeneral"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "The title is empty."),
        ({"title": " \t\r\n "}, "The title is empty."),
        ({"title": "\u200b\u2060\u00ad \u3164"}, "The title is empty."),
        ({"title": "x" * 121}, "The title has 121 characters; at most 120 are allowed. Shorten it."),
        (
            {"title": "a\x00b"},
            "The title holds a character that can not be stored (U+0000). It is left out here: check it.",
        ),
        ({"text": ""}, "The message is empty."),
        ({"text": " \r\n\t "}, "The message is empty."),
        ({"text": "\u200b"}, "The message is empty."),
        ({"text": "[a]: http://b.example"}, "The message is empty."),
        ({"text": "x" * 20_001}, "The message has 20,001 characters; at most 20,000 are allowed. Shorten it."),
        (
            {"text": "a\x07b"},
            "The message holds a character that can not be stored (U+0007). It is left out here: check it.",
        ),
    ],
)
async def test_what_can_not_be_a_thread_comes_back_with_a_sentence(app, alice, changes, sentence):
    typed = {"title": "A good title", "text": "Good *words*.", "board": "general"} | changes
    answer = await look.submit(alice, await alice.open("/threads/new"), **typed)
    assert answer.status_code == 422
    assert sentence in look.errors(answer)
    back = kept(answer)
    assert back["text"] == typed["text"].strip().replace("\x07", "")
    assert back["title"] == " ".join(typed["title"].split()).replace("\0", "")
    assert await count(app) == (0, 0)
    assert (await look.submit(alice, answer, title="Mended", text="Mended.")).status_code == 303


async def test_title_and_text_at_their_limits_are_stored_to_the_letter(app, alice):
    title, text = "🦊" * 120, "é" * 19_999 + "."
    answer = await look.submit(alice, await alice.open("/threads/new"), title=title, text=text)
    assert answer.status_code == 303
    found = await row(app, "select title, text from threads join messages on thread_id = threads.id")
    assert tuple(found) == (title, text)


@pytest.mark.parametrize("missing", ["title", "text", "board", "form_key"])
async def test_a_form_without_one_of_its_fields_is_refused_and_the_text_comes_back(app, alice, missing):
    sent = fields(title="A title", board="general")
    del sent[missing]
    answer = await alice.post("/threads", data=sent)
    assert answer.status_code == 400
    assert f"“{missing}”" in answer.text
    assert missing == "text" or "Some words." in answer.text
    assert await count(app) == (0, 0)


async def test_a_board_that_vanished_is_a_sentence_and_the_rest_comes_back(app, alice):
    sent = fields(title="A title", board="attic")
    answer = await look.send(alice, "/threads", **sent)
    assert answer.status_code == 400
    assert look.errors(answer) == ["There is no such board any more. Choose another."]
    assert (kept(answer)["title"], kept(answer)["text"]) == ("A title", "Some words.")
    assert await count(app) == (0, 0)
    assert (await look.submit(alice, answer)).status_code == 303


async def test_a_form_sent_twice_gives_the_first_thread(app, alice):
    sent = fields(title="Once", board="general")
    first, second = [await look.send(alice, "/threads", **sent) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    assert await count(app) == (1, 1)


async def test_a_form_sent_five_times_at_once_gives_one_thread(busy_app, join):
    alice = await join("alice", app=busy_app)
    sent = fields(title="Once", board="general")
    answers = await asyncio.gather(*(look.send(alice, "/threads", **sent) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await count(busy_app) == (1, 1)


async def test_a_form_that_went_back_and_changed_is_not_swallowed(app, alice):
    # The Back button brings the form again with its old key; a second thread typed into it must not vanish.
    page = await alice.open("/threads/new")
    first = await look.submit(alice, page, title="First", text="First words.")
    again = await look.submit(alice, page, title="Second", text="Other words.")
    assert again.status_code == 409
    assert "Other words." in kept(again)["text"]
    assert await count(app) == (1, 1)
    second = await look.submit(alice, again)
    assert second.status_code == 303
    assert second.headers["location"] != first.headers["location"]
    assert "Other words." in (await alice.open(second.headers["location"])).text


async def test_two_people_may_send_the_same_key(app, alice, bob):
    sent = fields(title="Same", board="general")
    first, second = [await look.send(each, "/threads", **sent) for each in (alice, bob)]
    assert first.headers["location"] != second.headers["location"]
    assert await count(app) == (2, 2)


async def test_who_was_signed_out_meanwhile_gets_everything_back(app, stranger):
    sent = fields(title="A title", board="general", text="Long words.")
    answer = await look.send(stranger, "/threads", **sent)
    assert answer.status_code == 403
    assert look.errors(answer) == [
        "You are signed out. Sign in in another tab, come back to this one and send it again."
    ]
    back = kept(answer)
    assert (back["title"], back["text"], back["form_key"]) == ("A title", "Long words.", sent["form_key"])
    assert await count(app) == (0, 0)


async def test_a_preview_shows_the_message_and_stores_nothing(app, alice):
    page = await alice.open("/threads/new")
    preview = await look.submit(alice, page, title="T", text="Some *words*.", action="preview")
    assert preview.status_code == 200
    (shown,) = look.with_class(look.tree(preview), "preview")
    assert look.words(next(shown.iter("em"))) == "words"
    assert kept(preview) == kept(page) | {"title": "T", "text": "Some *words*."}
    assert await count(app) == (0, 0)
    assert (await look.submit(alice, preview)).status_code == 303
    assert await count(app) == (1, 1)


async def test_too_many_files_at_once_do_not_cost_the_text(app, alice):
    files = [(f"{n}.png", b"no picture") for n in range(120)]
    answer = await look.send(alice, "/threads", *files, **fields(title="A title", board="general", text="My words."))
    assert answer.status_code in (400, 413, 422)
    assert "My words." in answer.text
    assert await count(app) == (0, 0)


async def test_a_body_that_is_far_too_large_does_not_cost_the_text(app, config, database, join):
    small = create_app(dataclasses.replace(config, max_pictures=1, max_picture_bytes=100_000), database)
    async with small.router.lifespan_context(small):
        alice = await join("alice", app=small)
        sent = fields(title="A title", board="general", text="My words.")
        answer = await look.send(alice, "/threads", ("big.png", bytes(1_500_000)), **sent)
        assert answer.status_code == 413
        assert "My words." in answer.text


async def test_who_writes_too_fast_waits_and_keeps_the_text(config, database, app):
    strict = create_app(dataclasses.replace(config, rate_limits=True), database)
    async with database.connection() as connection:
        account = await make_account(connection, "alice")
        cookie = await strict.state.sessions.begin(connection, account["id"])
    alice = Client(strict, account, cookie)
    for _ in range(20):
        sent = await alice.post("/threads", data=fields(title="T", board="general"))
        assert sent.status_code == 303
    answer = await look.send(alice, "/threads", **fields(title="Once more", board="general"))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert look.errors(answer) == ["You are writing faster than others can read. Wait a minute, then send it again."]
    assert (kept(answer)["title"], kept(answer)["text"]) == ("Once more", "Some words.")
    await alice.aclose()
