"""What others see of a person is the person's choice, and nothing private is ever among it."""

import json

import pytest

from board.people.audience import FOR_MODERATORS, PARTS
from tests import look
from tests.conftest import Client
from tests.entrance import site
from tests.factories import make_message, make_thread, row
from tests.routes import READS, fill, form

TABS = {"history": ("threads", "messages"), "pictures": ("pictures",), "votes": ("received",), "given": ("given",)}


async def choose(person: Client, **chosen: str) -> None:
    """Send the form; what is not named is for everybody."""
    fields = {f"show_{part}": chosen.get(part, "everyone") for part in PARTS}
    answer = await person.post("/account/profile", data=form("/account/profile", **fields))
    assert answer.status_code == 303, answer.text


def tabs(page) -> set[str]:
    """The parts that the page offers, by their tabs."""
    shown = {each.rpartition("show=")[2] for each in look.links(look.tree(page)) if "?show=" in each}
    return shown & {"threads", "messages", "pictures", "received", "given"}


@pytest.mark.parametrize("audience", ["everyone", "members", "nobody"])
@pytest.mark.parametrize("part", TABS)
async def test_each_part_is_shown_to_whom_alice_chose(stranger, alice, bob, mod, part, audience):
    thread = await make_thread(bob)
    await make_message(alice, thread, "Words of alice.")
    await choose(alice, **{part: audience})
    shown = {
        "alice": True,
        "bob": audience != "nobody",
        "stranger": audience == "everyone",
        "mod": audience != "nobody" or part in FOR_MODERATORS,
    }
    for name, viewer in (("alice", alice), ("bob", bob), ("stranger", stranger), ("mod", mod)):
        for tab in TABS[part]:
            page = await viewer.open(f"/people/alice?show={tab}")
            assert (tab in tabs(page)) == shown[name], (name, tab)
            assert ("does not show this" in page.text) == (not shown[name])
            for cursor in ("", "&after=9~99" if tab in ("messages", "pictures", "received") else "&after=99"):
                fragment = await viewer.fragment("GET", f"/people/alice?show={tab}{cursor}")
                assert (fragment.status_code == 200) == shown[name]
            if not shown[name]:
                assert "Words of alice." not in page.text


@pytest.mark.parametrize("audience", ["everyone", "members", "nobody"])
async def test_when_alice_joined_and_who_invited_her_is_shown_to_whom_she_chose(
    app, stranger, alice, bob, mod, audience
):
    await row(app, "update accounts set invited_by = $1 where name = 'alice'", bob.account["id"])
    await choose(alice, joined=audience)
    for viewer, shown in (
        (alice, True),
        (bob, audience != "nobody"),
        (stranger, audience == "everyone"),
        (mod, True),
    ):
        page = await viewer.open("/people/alice")
        assert ("joined" in page.text) == shown
        assert ("invited by" in page.text) == shown


@pytest.mark.parametrize("audience", ["everyone", "members", "nobody"])
async def test_statistics_are_shown_to_whom_alice_chose(stranger, alice, bob, mod, audience):
    await choose(alice, statistics=audience)
    for viewer, shown in (
        (alice, True),
        (bob, audience != "nobody"),
        (stranger, audience == "everyone"),
        (mod, audience != "nobody"),
    ):
        assert ("/people/alice/statistics" in look.links(look.tree(await viewer.open("/people/alice")))) == shown
        assert (await viewer.get("/people/alice/statistics")).status_code == (200 if shown else 404)


async def test_what_is_hidden_is_hidden_from_the_next_request_on(config, database, alice):
    await make_thread(alice, title="Of alice")
    async with site(config, database, page_cache_seconds=3600) as app, Client(app) as stranger:
        assert "Of alice" in (await stranger.open("/people/alice?show=threads")).text
        await choose(alice, history="members")
        assert "Of alice" not in (await stranger.open("/people/alice?show=threads")).text


async def test_a_person_who_hides_all_still_has_a_page(stranger, alice):
    await choose(alice, **dict.fromkeys(PARTS, "nobody"))
    page = await stranger.open("/people/alice")
    assert tabs(page) == set()
    assert "alice does not show this to strangers." in page.text


async def test_who_sees_what_is_chosen_in_one_form_that_says_what_moderators_see(alice):
    await choose(alice, history="members", pictures="nobody")
    page = await alice.open("/account/profile")
    chosen = look.fields(
        next(each for each in look.tree(page).iter("form") if each.get("action") == "/account/profile")
    )
    assert {part: chosen[f"show_{part}"] for part in PARTS} == dict.fromkeys(PARTS, "everyone") | {
        "history": "members",
        "pictures": "nobody",
    }
    assert "Moderators see what you wrote" in page.text


async def test_votes_given_are_hidden_until_one_shows_them(alice, bob):
    assert tabs(await bob.open("/people/alice")) == {"threads", "messages", "pictures", "received"}


@pytest.mark.parametrize("wrong", [{"show_history": "friends"}, {"show_history": None}])
async def test_an_audience_that_there_is_not_is_refused(app, alice, wrong):
    answer = await alice.post("/account/profile", data=form("/account/profile", **wrong))
    assert answer.status_code == 400
    assert (await row(app, "select show_history from accounts where name = 'alice'"))[0] == "everyone"


async def test_everything_private_of_alice_is_in_no_page_of_anybody_else(app, stranger, alice, bob, mod):
    """Her address, password, sessions, mails, events, invitations and votes, and all else that only she may know."""
    thread = await make_thread(bob)
    await make_message(alice, thread, "Said aloud.")
    await alice.post(f"/messages/{thread.opening}/vote", data={"value": 1})
    alices = alice.account["id"]
    for statement in (
        "update accounts set password_hash = 'secret-hash' where id = $1",
        "update accounts set form_key = '5ec2e700-0000-4000-8000-000000000001' where id = $1",
        (
            "insert into addresses (account_id, verified, address, address_key)"
            " values ($1, true, 'secret-address@example.org', 'secret-address@example.org')"
        ),
        (
            "insert into mails (account_id, template, recipient, subject, text, useful_until)"
            " values ($1, 'secret-template', 'secret-address@example.org', 'secret-subject', 'secret-text', now())"
        ),
        (
            "insert into account_events (account_id, kind, details, device, network)"
            " values ($1, 'new device', '{}', 'secret-device', 'secret-network')"
        ),
        "update sessions set device = 'secret-device', network = 'secret-network' where account_id = $1",
        "insert into invitations (account_id, note, expires_at) values ($1, 'secret-note', now() + interval '1 day')",
        "insert into applications (account_id, answer) values ($1, 'secret-answer')",
    ):
        await row(app, statement, alices)
    own = "".join([(await alice.get(path)).text for path in ("/account", "/account/profile")])
    assert "secret-address@example.org" in own, "she sees it herself"
    paths = {fill(path, thread) for path in READS if not path.startswith("/pictures")}
    paths |= {f"/people/alice?show={tab}" for names in TABS.values() for tab in names}
    for viewer in (stranger, bob):
        for path in sorted(paths):
            answer = await viewer.get(path)
            told = answer.text + json.dumps(dict(answer.headers))
            assert "secret" not in told, path
            assert "5ec2e700" not in told, path
    assert "given" not in "".join(tabs(await bob.open("/people/alice")))
