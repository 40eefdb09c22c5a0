"""Deleting an account: what the page asks, a week to change one's mind, and who may not."""

import pytest

from board import jobs
from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD, sign_in, sign_up, who
from tests.factories import make_message, row
from tests.leaving import ask_to_go, come_due, gone, grown_up, site


@pytest.fixture
async def alice(join) -> Client:
    """Wrote it, and has a password."""
    return await grown_up(await join("alice"), "alice@example.org")


async def is_to_go(app) -> bool:
    return await row(app, "select 1 from departures") is not None


async def test_who_asks_is_signed_out_everywhere_and_sees_when_it_is(app, alice, join, stranger):
    other_device = Client(app, alice.account)
    await sign_in(other_device, "alice")
    assert await who(other_device) == "alice"
    asked = await ask_to_go(alice)
    assert asked.status_code == 303
    page = await alice.open(asked.headers["location"])
    assert "It goes on" in page.text and "alice" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert await who(alice) == await who(other_device) == ""
    assert (await stranger.open(asked.headers["location"])).text.count("It goes on") == 1, "whoever has the address"


async def test_who_signs_in_again_is_told_on_every_page_and_can_keep_it(app, alice, mailbox):
    await ask_to_go(alice, "keep")
    assert "on the account's page" in (await mailbox.one(app)).text
    await sign_in(alice, "alice")
    banner = look.with_class(look.tree(await alice.open("/")), "leaving")
    assert "Your account goes on" in look.words(banner[0])
    assert "stay, as by a deleted person" in (await alice.open("/account/delete")).text
    for _ in range(2):
        assert (await alice.post("/account/keep")).status_code == 303
    assert not await is_to_go(app)
    assert ["not deleted after all" in letter.text for letter in await mailbox.letters(app)].count(True) == 1
    assert look.with_class(look.tree(await alice.open("/")), "leaving") == []
    await come_due(app)
    assert await jobs.run_once(site(app), jobs.remove_departed) == 0
    assert await who(alice) == "alice"


async def test_until_the_day_comes_nothing_goes_and_others_see_no_change(app, alice, stranger, thread):
    before = (await stranger.open(thread.path)).text
    await ask_to_go(alice)
    assert await jobs.run_once(site(app), jobs.remove_departed) == 0
    await row(app, "update departures set due_at = now() + interval '1 second'")
    assert await jobs.run_once(site(app), jobs.remove_departed) == 0
    assert (await stranger.open(thread.path)).text == before
    assert (await stranger.open("/people/alice")).status_code == 200


async def test_asking_takes_the_password_and_a_choice(app, alice):
    for fields, name in (
        ({"current_password": "not my password"}, "current_password"),
        ({"current_password": ""}, "current_password"),
        ({"messages": "maybe"}, "messages"),
        ({"messages": ""}, "messages"),
    ):
        answer = await ask_to_go(alice, **{"messages": "remove", **fields})
        assert answer.status_code == 422
        assert len(look.errors(answer)) == 1
        assert look.by_id(look.tree(answer), f"error-{name}") is not None
        assert PASSWORD not in answer.text and "not my password" not in answer.text
        chosen = [each.get("value") for each in look.tree(answer).iter("input") if each.get("checked") is not None]
        assert chosen == (["remove"] if name == "current_password" else []), "what was chosen comes back"
    assert (await alice.post("/account/delete", data={"messages": "keep"})).status_code == 400
    assert not await is_to_go(app)


async def test_asking_twice_is_asking_once(app, alice):
    first = await ask_to_go(alice)
    await sign_in(alice, "alice")
    due = (await row(app, "select due_at from departures"))[0]
    second = await ask_to_go(alice, "keep")
    assert second.headers["location"] == "/account/delete"
    assert await who(alice) == "alice", "not signed out a second time"
    found = await row(app, "select * from departures")
    assert (found["due_at"], found["keeps_messages"]) == (due, False)
    assert (await alice.open(first.headers["location"])).status_code == 200


async def test_strangers_are_asked_to_sign_in(app, stranger):
    for path in ("/account/delete", "/account/export", "/account/exports/1"):
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in?next=/account/")
    for path in ("/account/delete", "/account/keep", "/account/export"):
        assert (await stranger.post(path, data={"messages": "keep"})).headers["location"].startswith("/sign-in")
    assert not await is_to_go(app)


async def test_the_last_admin_can_not_leave_but_the_one_before_can(app, admin, join):
    page = await (await grown_up(admin)).open("/account/delete")
    assert "Appoint another admin first" in page.text
    assert "current_password" not in page.text
    assert (await ask_to_go(admin)).status_code == 409
    other = await grown_up(await join("adam", "admin"))
    assert (await ask_to_go(admin)).status_code == 303
    assert (await ask_to_go(other)).status_code == 409, "who is going does not count"
    # And if the other one is gone when the day comes, this one waits.
    await row(app, "update accounts set role = 'member' where id = $1", other.account["id"])
    await come_due(app)
    assert await jobs.run_once(site(app), jobs.remove_departed) == 0
    await sign_in(admin, "ada")
    assert "waits until there is another" in (await admin.open("/account/delete")).text
    await row(app, "update accounts set role = 'admin' where id = $1", other.account["id"])
    assert await jobs.run_once(site(app), jobs.remove_departed) == 1


async def test_the_receipt_lists_what_went_until_it_is_forgotten(app, alice, bob, thread, stranger):
    await make_message(alice, thread)
    address = await gone(alice)
    page = await stranger.open(address)
    assert "2 messages removed" in page.text
    assert "1 thread removed" in page.text
    assert "1 e-mail address forgotten" in page.text
    assert "alice" not in page.text
    assert (await stranger.post(address)).headers["location"] == "/"
    assert (await stranger.get(address)).status_code == 404
    assert (await stranger.post(address)).status_code == 303
    assert (await stranger.get("/receipts/nothing")).status_code == 404


async def test_receipts_and_held_names_go_after_their_time(app, alice, stranger):
    address = await gone(alice)
    assert await jobs.run_once(site(app), jobs.tidy_leaving) == 0
    await row(app, "update receipts set finished_at = now() - interval '31 days'")
    await row(app, "update held_names set free_at = now()")
    assert await jobs.run_once(site(app), jobs.tidy_leaving) == 2
    assert (await stranger.get(address)).status_code == 404


async def test_the_name_and_its_look_alikes_are_held_back_for_a_while(app, alice, stranger):
    await gone(alice)
    for name in ("alice", "A1ICE"):
        answer = await sign_up(stranger, name)
        assert answer.status_code == 422
        assert "Choose another" in answer.text
    await row(app, "update held_names set free_at = now()")
    assert (await sign_up(stranger, "alice")).status_code == 303


async def test_whoever_is_gone_can_not_come_in_any_more(app, alice, stranger):
    old = Client(app, alice.account)
    await sign_in(old, "alice")
    await gone(alice)
    assert await who(old) == ""
    assert (await sign_in(stranger, "alice")).status_code == 422
    assert (await stranger.get("/people/alice")).status_code == 404
    for name in ("deleted%20person", "DELETED%20PERSON"):
        assert (await stranger.get(f"/people/{name}")).status_code == 404
        assert (await sign_in(stranger, name.replace("%20", " "))).status_code == 422


async def test_the_receipt_is_mailed_before_the_address_goes(app, alice, mailbox, thread):
    await ask_to_go(alice)
    await mailbox.letters(app)
    await come_due(app)
    assert await jobs.run_once(site(app), jobs.remove_departed) == 0, "first the mail"
    assert await row(app, "select 1 from accounts where id = $1", alice.account["id"])
    letter = await mailbox.one(app)
    assert letter.to == "alice@example.org"
    assert "1 message removed" in letter.text and "1 thread removed" in letter.text
    assert await jobs.run_once(site(app), jobs.remove_departed) == 1
    assert await mailbox.letters(app) == []
    assert await row(app, "select 1 from mails") is None


async def test_mail_that_never_arrives_does_not_keep_an_account(app, alice, mailbox):
    await ask_to_go(alice)
    await come_due(app)
    mailbox.stop()
    for _ in range(2):
        assert await jobs.run_once(site(app), jobs.remove_departed) == 0
    await row(app, "update departures set mailed_at = now() - interval '25 hours'")
    assert await jobs.run_once(site(app), jobs.remove_departed) == 1
