"""Votes: up, down, taken back, turned round; never on one's own, never twice, and never lost in a sum."""

import re

import asyncpg
import pytest

from tests import look, recount
from tests.factories import make_message, make_thread, row


async def vote(client, message, value, **options):
    return await client.post(f"/messages/{message}/vote", data={"value": value}, **options)


async def cast(client, message, *values) -> None:
    """Vote as the page does it without JavaScript."""
    for value in values:
        answer = await vote(client, message, value)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/messages/{message}"


def shown(page, message) -> tuple[int, int, int]:
    """What a page says about a message: votes up, votes down, points."""
    found = re.findall(rf'id="vote-{message}">.*?<b title="(\d+) up, (\d+) down">(-?\d+)<', page.text, re.DOTALL)
    assert len(found) == 1, page.text
    return tuple(int(number) for number in found[0])


def buttons(page, message) -> dict[str, tuple[str, bool]]:
    """The vote buttons of a message: what each says -> the value that it sets, and whether it is pressed."""
    place = look.by_id(look.tree(page), f"vote-{message}")
    for button in place.iter("button"):
        assert (button.get("formaction"), button.get("name")) == (f"/messages/{message}/vote", "value")
    return {
        button.get("aria-label"): (button.get("value"), button.get("aria-pressed") == "true")
        for button in place.iter("button")
    }


async def stored(app, message) -> list[tuple[int, int]]:
    async with app.state.database.connection() as connection:
        rows = await connection.fetch("select account_id, value from votes where message_id = $1 order by 1", message)
    return [tuple(each) for each in rows]


async def wrong(app) -> list[str]:
    async with app.state.database.connection() as connection:
        return await recount.find_wrong(connection)


@pytest.fixture(autouse=True)
async def sums(app):
    """After every test here all counters must be what the votes say."""
    yield
    assert await wrong(app) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1,), (1, 0, 1)),
        ((-1,), (0, 1, -1)),
        ((0,), (0, 0, 0)),
        ((1, 0), (0, 0, 0)),
        ((-1, 0), (0, 0, 0)),
        ((1, -1), (0, 1, -1)),
        ((-1, 1), (1, 0, 1)),
        ((1, 1), (1, 0, 1)),
        ((-1, -1, -1), (0, 1, -1)),
        ((0, 0), (0, 0, 0)),
        ((1, 0, 0, 1, -1, -1, 0, 1), (1, 0, 1)),
    ],
)
async def test_a_vote_sets_and_never_toggles(app, alice, bob, stranger, thread, values, expected):
    answer = await make_message(alice, thread)
    for message in (thread.opening, answer):
        await cast(bob, message, *values)
        assert shown(await stranger.open(thread.path), message) == expected
        assert await stored(app, message) == [(bob.account["id"], values[-1])]


async def test_the_buttons_say_what_they_set(bob, stranger, thread):
    up, down = "Vote up", "Vote down"
    assert buttons(await bob.open(thread.path), thread.opening) == {up: ("1", False), down: ("-1", False)}
    await cast(bob, thread.opening, 1)
    assert buttons(await bob.open(thread.path), thread.opening) == {up: ("0", True), down: ("-1", False)}
    assert buttons(await bob.open("/"), thread.opening) == {up: ("0", True), down: ("-1", False)}
    await cast(bob, thread.opening, -1)
    assert buttons(await bob.open(thread.path), thread.opening) == {up: ("1", False), down: ("0", True)}
    assert buttons(await stranger.open(thread.path), thread.opening) == {}


async def test_each_person_has_a_vote_of_their_own(app, bob, mod, admin, thread):
    await cast(bob, thread.opening, 1)
    await cast(mod, thread.opening, 1)
    await cast(admin, thread.opening, -1)
    for client, pressed in ((bob, "Vote up"), (mod, "Vote up"), (admin, "Vote down")):
        page = await client.open(thread.path)
        assert shown(page, thread.opening) == (2, 1, 1)
        assert [label for label, (_, down) in buttons(page, thread.opening).items() if down] == [pressed]
    assert len(await stored(app, thread.opening)) == 3


@pytest.mark.parametrize("role", ["member", "moderator", "admin"])
async def test_nobody_votes_on_their_own_message(app, join, thread, role):
    carol = await join("carol", role)
    own = await make_message(carol, thread)
    page = await carol.open(thread.path)
    assert buttons(page, own) == {}
    assert buttons(page, thread.opening) != {}
    for value in (1, -1, 0):
        answer = await vote(carol, own, value)
        assert answer.status_code == 403
        assert "This is your own message" in answer.text
    assert await stored(app, own) == []


async def test_a_stranger_is_sent_to_sign_in(app, stranger, thread):
    answer = await vote(stranger, thread.opening, 1, headers={"Referer": f"http://testserver{thread.path}?sort=best"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={thread.path}%3Fsort%3Dbest"
    answer = await stranger.fragment("POST", f"/messages/{thread.opening}/vote", data={"value": 1})
    assert answer.headers["hx-redirect"].startswith("/sign-in")
    assert await stored(app, thread.opening) == []


@pytest.mark.parametrize("id", ["999999999999", "999999999999999999", "9" * 19, "9" * 5000, "0", "-1", "x"])
async def test_there_is_no_vote_on_a_message_that_never_was(app, bob, thread, id):
    answer = await vote(bob, id, 1)
    assert answer.status_code == 404
    assert len(look.words(look.by_id(look.tree(answer), "main"))) > 30
    assert (await row(app, "select count(*) from votes"))[0] == 0


async def test_there_is_no_vote_on_what_was_deleted(app, alice, bob, mod, thread):
    answer = await make_message(alice, thread)
    await alice.post(f"/messages/{answer}/delete")
    refused = await vote(bob, answer, 1)
    assert refused.status_code == 404
    assert "no such message, or it was deleted" in refused.text
    await alice.post(f"{thread.path}/delete")
    assert (await vote(mod, thread.opening, 1)).status_code == 404
    assert await stored(app, answer) == await stored(app, thread.opening) == []


async def test_the_votes_of_a_locked_thread_stay_as_they_are(app, alice, bob, mod, thread):
    await cast(bob, thread.opening, 1)
    await mod.post(f"{thread.path}/lock")
    for value in (-1, 0, 1):
        answer = await vote(bob, thread.opening, value)
        assert answer.status_code == 409
        assert "This thread is locked" in answer.text
    assert "own message" in (await vote(alice, thread.opening, 1)).text
    page = await bob.open(thread.path)
    assert shown(page, thread.opening) == (1, 0, 1)
    assert buttons(page, thread.opening) == {}
    await mod.post(f"{thread.path}/unlock")
    await cast(bob, thread.opening, -1)
    assert shown(await bob.open(thread.path), thread.opening) == (0, 1, -1)


@pytest.mark.parametrize("value", ["2", "-2", "up", "", " 1", "1.0", "+1", "\uff11", "1\0", "null", "9" * 400, "-0"])
async def test_a_value_that_is_none_is_refused(app, bob, thread, value):
    answer = await vote(bob, thread.opening, value)
    assert answer.status_code == 400
    assert "“value” must be one of: 1, 0, -1." in answer.text
    assert await stored(app, thread.opening) == []


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"other": "1"}},
        {"data": {"value[]": "1"}},
        {"json": {"value": 1}},
        {"content": b""},
        {"content": b"value=1"},
        {"files": {"value": ("value.txt", b"1")}},
        {"params": {"value": 1}},
    ],
)
async def test_a_missing_value_is_refused(app, bob, thread, body):
    answer = await bob.post(f"/messages/{thread.opening}/vote", **body)
    assert answer.status_code == 400
    assert await stored(app, thread.opening) == []


async def test_votes_are_posted_and_never_got(app, bob, thread):
    assert (await bob.get(f"/messages/{thread.opening}/vote?value=1")).status_code == 405
    foreign = await vote(bob, thread.opening, 1, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert await stored(app, thread.opening) == []


async def test_htmx_gets_the_new_score_for_its_place(bob, mod, thread):
    await cast(mod, thread.opening, 1)
    path = f"/messages/{thread.opening}/vote"
    answer = await bob.fragment("POST", path, data={"value": 1})
    assert answer.status_code == 200
    assert re.findall(r"<hx-partial [^>]*>", answer.text) == [
        f'<hx-partial hx-target="#vote-{thread.opening}" hx-swap="outerMorph">'
    ]
    assert shown(answer, thread.opening) == (2, 0, 2)
    assert buttons(answer, thread.opening) == {"Vote up": ("0", True), "Vote down": ("-1", False)}
    assert shown(await bob.fragment("POST", path, data={"value": 1}), thread.opening) == (2, 0, 2)
    assert shown(await bob.fragment("POST", path, data={"value": -1}), thread.opening) == (1, 1, 0)
    assert shown(await bob.fragment("POST", path, data={"value": 0}), thread.opening) == (1, 0, 1)
    page = look.by_id(look.tree(await bob.open(thread.path)), f"vote-{thread.opening}")
    again = look.by_id(look.tree(await bob.fragment("POST", path, data={"value": 0})), f"vote-{thread.opening}")
    assert look.html5lib.serialize(page) == look.html5lib.serialize(again)


async def test_htmx_gets_a_refusal_as_a_notice(alice, bob, mod, thread):
    path = f"/messages/{thread.opening}/vote"
    assert (await bob.fragment("POST", path, data={"value": 7})).status_code == 400
    assert (await bob.fragment("POST", "/messages/999999/vote", data={"value": 1})).status_code == 404
    answer = await alice.fragment("POST", path, data={"value": 1})
    assert answer.status_code == 403
    assert answer.text.startswith('<hx-partial hx-target="#notice"') and "your own message" in answer.text
    await mod.post(f"{thread.path}/lock")
    assert (await bob.fragment("POST", path, data={"value": 1})).status_code == 409


async def test_without_htmx_one_is_led_back_to_the_message(alice, bob, thread):
    message = [await make_message(alice, thread, f"Answer {n}.") for n in range(60)][-1]
    answer = await vote(bob, message, 1)
    place = await bob.get(answer.headers["location"])
    assert place.headers["location"].endswith(f"#message-{message}")
    assert shown(await bob.open(place.headers["location"]), message) == (1, 0, 1)


async def test_a_thread_carries_its_openings_votes_and_those_of_its_conversation(alice, bob, mod, stranger, thread):
    other = await make_thread(bob, "Another thread")
    answer = await make_message(bob, thread)
    await cast(bob, thread.opening, 1)
    await cast(mod, thread.opening, 1)
    await cast(mod, answer, 1)
    await cast(alice, answer, 1)
    assert "4 points in all" in (await stranger.open(thread.path)).text
    front = await stranger.open("/")
    assert shown(front, thread.opening) == (2, 0, 2)
    assert "4 in all" in look.words(look.card(front, thread.id))
    assert shown(front, other.opening) == (0, 0, 0)
    await cast(alice, answer, -1)
    await cast(mod, answer, 0)
    front = await stranger.open("/")
    assert "1 in all" in look.words(look.card(front, thread.id))
    assert shown(front, thread.opening) == (2, 0, 2)


async def test_deleting_and_restoring_keeps_the_sums(app, alice, bob, mod, admin, stranger, thread):
    first, last = await make_message(bob, thread), await make_message(bob, thread, "The last.")
    await row(app, "update messages set created_at = created_at + interval '1 hour' where id = $1", last)
    await row(app, "update threads set last_activity_at = last_activity_at + interval '1 hour'")
    await cast(alice, first, 1)
    await cast(mod, first, -1)
    await cast(alice, last, 1)
    await cast(admin, last, -1)
    await cast(mod, thread.opening, -1)
    before = await row(app, "select * from threads where id = $1", thread.id)
    for _ in range(2):
        assert (await bob.post(f"/messages/{last}/delete")).status_code == 303
    page = await stranger.open(thread.path)
    assert "2 messages" in page.text and "-1 points in all" in page.text
    now = await row(app, "select * from threads where id = $1", thread.id)
    assert (now["message_count"], now["others_points"]) == (2, 1)
    assert now["last_activity_at"] < before["last_activity_at"]
    assert await wrong(app) == []
    for _ in range(2):
        assert (await bob.post(f"/messages/{last}/restore")).status_code == 303
    assert await row(app, "select * from threads where id = $1", thread.id) == before
    assert shown(await stranger.open(thread.path), last) == (1, 1, 0)


async def test_the_database_holds_one_vote_per_person_and_message(app, bob, thread):
    await cast(bob, thread.opening, 1)
    again = "insert into votes (message_id, account_id, value) values ($1, $2, $3)"
    for value, rule in ((1, "one_vote_per_person_and_message"), (2, "a_vote_is_up_down_or_taken_back")):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=rule):
            async with app.state.database.transaction() as connection:
                await connection.execute(again, thread.opening, bob.account["id"], value)
