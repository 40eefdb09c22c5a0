"""Approval: who answers a question waits, reads and does not write, until a moderator decides; and closed doors."""

import asyncio
import dataclasses
import re

import pytest

from board.joining import keeping
from tests import look
from tests.conftest import Client
from tests.entrance import sign_in, sign_up, site, who
from tests.factories import make_thread, row
from tests.routes import WRITES, cheaply, everything, fill, form

ANSWER = "I bake, and <b>write</b> about it."


@pytest.fixture
async def by_approval(config, database):
    """The site where moderators let people in."""
    async with site(config, database, sign_up="approval", sign_up_question="What do you like?", challenge="off") as app:
        cheaply(app)
        yield app


@pytest.fixture
async def mod(by_approval, join):
    """Moderates that site."""
    return await join("morag", "moderator", app=by_approval)


@pytest.fixture
async def carol(by_approval):
    """Has asked to be let in."""
    async with Client(by_approval) as carol:
        answer = await sign_up(carol, application=ANSWER)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/waiting")
        yield carol


async def decide(client, app, decision: str, sentence: str = "", name: str = "carol"):
    """Press one of the buttons beside an application."""
    (id_,) = await row(app, "select id from accounts where name = $1", name)
    return await client.post(f"/admin/applications/{id_}", data={"decision": decision, "sentence": sentence})


async def role(app, name: str = "carol") -> str:
    return (await row(app, "select role from accounts where name = $1", name))[0]


async def test_the_form_asks_the_question_of_the_board(by_approval):
    async with Client(by_approval) as stranger:
        page = await stranger.open("/sign-up")
        label = next(each for each in look.tree(page).iter("label") if each.get("for") == "application")
        assert look.words(label) == "What do you like? only moderators read it"
        for text, sentence in (
            ("", "Your answer is empty."),
            ("x" * 1_001, "Your answer has 1,001 characters; at most 1,000 are allowed. Shorten it."),
        ):
            answer = await sign_up(stranger, application=text)
            assert (answer.status_code, look.errors(answer)) == (422, [sentence])
            assert look.words(look.by_id(look.tree(answer), "application")) == text
        assert (await sign_up(stranger)).status_code == 400
    assert (await row(by_approval, "select count(*) from accounts"))[0] == 0


async def test_who_waits_reads_and_changes_nothing(by_approval, mod, carol):
    thread = await make_thread(mod)
    page = await carol.open(thread.path)
    assert "The opening." in page.text
    assert not list(look.tree(page).iter("textarea"))
    assert "/account/waiting" in look.links(look.tree(page))
    before = await everything(by_approval)
    # Her own account and settings are hers, and a new password is for everybody.
    for path in (each for each in WRITES if not each.startswith(("/sign-", "/account", "/settings", "/forgot"))):
        assert (await carol.post(fill(path, thread), data=form(path))).status_code < 500, path
    assert await everything(by_approval) == before


async def test_the_waiting_page_says_what_is_missing_and_shows_the_answer(carol):
    page = await carol.open("/account/waiting")
    assert "A moderator reads your answer" in page.text
    assert look.words(look.with_class(look.tree(page), "answer")[0]) == ANSWER
    assert "/account/waiting" in look.links(look.tree(await carol.open("/account")))


async def test_a_moderator_lets_her_in_and_at_once_she_writes(by_approval, mod, carol):
    queue = await mod.open("/admin/applications")
    assert "/admin/applications" in look.links(look.tree(await mod.open("/")))
    assert look.words(look.with_class(look.tree(queue), "answer")[0]) == ANSWER
    (form_,) = [each for each in look.tree(queue).iter("form") if each.get("action", "").startswith("/admin/app")]
    sent = look.fields(form_) | {"decision": "accept", "sentence": "Welcome!"}
    assert (await mod.post(form_.get("action"), data=sent)).status_code == 303
    assert await role(by_approval) == "new"
    assert (await carol.get("/account/waiting")).headers["location"] == "/account"
    assert (await carol.get("/threads/new")).status_code == 200
    assert "Nobody waits." in (await mod.open("/admin/applications")).text
    decided = await mod.open("/admin/applications?show=decided")
    assert re.search(r"let in by <a[^>]*>morag</a>.*“Welcome!”", decided.text)


async def test_a_refusal_needs_a_sentence_and_she_reads_it_after_signing_in(by_approval, mod, carol):
    answer = await decide(mod, by_approval, "refuse")
    assert (answer.status_code, look.errors(answer)) == (422, ["Say in a sentence why: they read it."])
    assert (await decide(mod, by_approval, "refuse", "We are <i>full</i>.")).status_code == 303
    async with Client(by_approval) as again:
        await sign_in(again)
        page = await again.open("/account/waiting")
        assert look.errors(page) == ["You were not let in: We are <i>full</i>."]
        assert (await again.get("/threads/new")).status_code == 403
    assert await role(by_approval) == "waiting"


async def test_a_sentence_that_is_too_long_comes_back(by_approval, mod, carol):
    answer = await decide(mod, by_approval, "accept", "x" * 301)
    assert answer.status_code == 422
    assert "x" * 301 in answer.text
    assert await role(by_approval) == "waiting"


async def test_the_first_of_two_moderators_decides_and_the_other_is_told(by_approval, mod, carol, join):
    other = await join("ada", "admin", app=by_approval)
    await decide(mod, by_approval, "accept")
    late = await decide(other, by_approval, "refuse", "No.")
    assert late.status_code == 409
    assert "morag has accepted carol meanwhile: that counts." in late.text
    assert await role(by_approval) == "new"
    assert (await decide(mod, by_approval, "accept")).status_code == 303, "a second tap on the button"


async def test_two_moderators_at_the_same_moment_make_one_decision(busy_app, join):
    busy_app.state.config = dataclasses.replace(busy_app.state.config, sign_up="approval")
    cheaply(busy_app)
    async with Client(busy_app) as carol:
        await sign_up(carol, application=ANSWER)
    mods = [await join(f"judge-{number}", "moderator", app=busy_app) for number in range(6)]
    answers = await asyncio.gather(
        *(decide(each, busy_app, "accept" if n % 2 else "refuse", "So be it.") for n, each in enumerate(mods))
    )
    assert sorted(each.status_code for each in answers) == [303] + [409] * 5
    accepted, role_ = await row(
        busy_app, "select accepted, role from applications join accounts on id = account_id where name = 'carol'"
    )
    assert role_ == ("new" if accepted else "waiting")


@pytest.mark.parametrize("someone", ["new", "member", "trusted", "waiting"])
async def test_only_moderators_see_the_queue_and_decide(by_approval, carol, join, someone):
    bob = await join("bob", someone, app=by_approval)
    assert (await bob.get("/admin/applications")).status_code == 403
    assert (await decide(bob, by_approval, "accept")).status_code == 403
    assert (await decide(carol, by_approval, "accept")).status_code == 403
    assert await role(by_approval) == "waiting"


async def test_a_strange_decision_and_an_application_that_is_not_there_are_sentences(by_approval, mod, carol):
    assert (await decide(mod, by_approval, "maybe")).status_code == 400
    answer = await mod.post("/admin/applications/999999", data={"decision": "accept", "sentence": ""})
    assert answer.status_code == 404
    assert "There is no such application." in answer.text


async def test_many_applications_come_in_pages_oldest_first(by_approval, mod):
    for number in range(30):
        async with Client(by_approval) as each:
            await sign_up(each, f"person-{number:02}x", application="Yes.")
    first = await mod.open("/admin/applications")
    shown = re.findall(r"/people/(person-\d+x)", first.text)
    assert shown == [f"person-{number:02}x" for number in range(25)]
    older = next(link for link in look.links(look.tree(first)) if "after=" in link)
    assert len(re.findall(r"/people/(person-\d+x)", (await mod.open(older)).text)) == 5


async def test_an_account_that_was_refused_goes_after_a_month_and_its_name_is_free(by_approval, mod, carol, database):
    await decide(mod, by_approval, "refuse", "No.")
    assert await keeping.forget_guests(database) == 0
    await row(by_approval, "update applications set decided_at = now() - interval '31 days'")
    assert await keeping.forget_guests(database) == 1
    assert await who(carol) == ""
    async with Client(by_approval) as other:
        assert (await sign_up(other, application="Me.")).status_code == 303


async def test_a_closed_board_says_so_and_takes_nobody(config, database, join):
    async with site(config, database, sign_up="closed") as app, Client(app) as stranger:
        front = await stranger.open("/")
        assert "/sign-up" not in look.links(next(look.tree(front).iter("header")))
        page = await stranger.open("/sign-up")
        assert look.words(next(look.tree(page).iter("h1"))) == "Board takes no new members now"
        answer = await sign_up(stranger)
        assert answer.status_code == 403
        assert (await row(app, "select count(*) from accounts"))[0] == 0
        alice = await join("alice", app=app)
        assert (await alice.get("/account/invitations")).status_code == 404
