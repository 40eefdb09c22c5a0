"""An address that changes: both are told, and for a week the old one can undo it, whatever a thief does."""

import pytest

from tests import look
from tests.addressed import address_of, ask_for, give, press, settled, token_of
from tests.conftest import Client
from tests.entrance import PASSWORD, site, who
from tests.factories import row

OLD, NEW, THIRD = "alice@example.org", "alice@example.net", "alice@example.com"
ANOTHER = "four other words too"


@pytest.fixture
async def carol(join) -> Client:
    """Has a password and an address."""
    return await settled(await join("carol"), OLD)


async def change(mailbox, client, address) -> tuple:
    """Have another address; returns the letters to the old and to the new one."""
    await ask_for(client, address)
    await press(client, (await mailbox.one(client.app)).link("/address/confirm"))
    return tuple(await mailbox.letters(client.app))


async def older(app) -> None:
    """Each step of a test is in one transaction, which has one time: put what there is into the past."""
    await row(app, "update links set created_at = created_at - interval '1 minute'")


async def remove(client, password=PASSWORD):
    return await client.post("/account/address/remove", data={"current_password": password})


async def test_both_are_told_once_the_new_one_is_confirmed(mailbox, app, carol):
    await ask_for(carol, NEW)
    asked = await mailbox.one(app)
    assert asked.to == NEW
    assert await address_of(app, carol.account) == OLD, "until then nothing changes"
    await press(carol, asked.link("/address/confirm"))
    to_old, to_new = await mailbox.letters(app)
    assert (to_old.to, to_new.to) == (OLD, NEW)
    assert f"is now {NEW}" in to_old.text
    assert "The e-mail address was changed." in to_new.text
    assert await address_of(app, carol.account) == NEW


async def test_the_old_address_undoes_it_and_everybody_is_signed_out(mailbox, app, carol, stranger):
    to_old, _ = await change(mailbox, carol, NEW)
    for _ in range(2):
        assert OLD in (await stranger.open(to_old.link("/address/undo"))).text
    assert await address_of(app, carol.account) == NEW
    answer = await press(stranger, to_old.link("/address/undo"))
    assert answer.headers["location"].startswith("/reset?token=")
    assert await address_of(app, carol.account) == OLD
    assert await who(carol) == ""
    done = await press(stranger, answer.headers["location"], new_password=ANOTHER)
    assert done.headers["location"] == "/reset/done"
    assert {letter.to for letter in await mailbox.letters(app)} == {OLD}
    answer = await press_again(stranger, to_old.link("/address/undo"))
    assert answer.status_code == 410


async def press_again(client, link):
    return await client.post(link.partition("?")[0], data={"token": token_of(link)})


async def test_a_thief_who_changes_it_twice_gains_nothing(mailbox, app, carol, stranger):
    to_old, _ = await change(mailbox, carol, NEW)
    await older(app)
    to_thief, _ = await change(mailbox, carol, THIRD)
    await press(stranger, to_old.link("/address/undo"))
    assert await address_of(app, carol.account) == OLD
    assert (await press_again(stranger, to_thief.link("/address/undo"))).status_code == 410
    assert await address_of(app, carol.account) == OLD


async def test_a_thief_who_undoes_first_does_not_stop_the_owner(mailbox, app, carol, stranger):
    to_old, _ = await change(mailbox, carol, NEW)
    await older(app)
    to_thief, _ = await change(mailbox, carol, THIRD)
    await press(stranger, to_thief.link("/address/undo"))
    assert await address_of(app, carol.account) == NEW
    await press(stranger, to_old.link("/address/undo"))
    assert await address_of(app, carol.account) == OLD


async def test_links_that_wait_elsewhere_end_with_the_undo(mailbox, app, carol, stranger):
    to_old, _ = await change(mailbox, carol, NEW)
    await ask_for(carol, THIRD)
    waiting = (await mailbox.one(app)).link("/address/confirm")
    await press(stranger, to_old.link("/address/undo"))
    assert (await stranger.get(waiting)).status_code == 410
    assert (await row(app, "select count(*) from addresses"))[0] == 1


async def test_the_undo_is_over_after_a_week(mailbox, app, carol, stranger):
    to_old, _ = await change(mailbox, carol, NEW)
    left = await row(app, "select expires_at - now() > interval '6 days 23 hours' from links")
    assert left[0]
    await row(app, "update links set expires_at = now()")
    assert (await press_again(stranger, to_old.link("/address/undo"))).status_code == 410
    assert await address_of(app, carol.account) == NEW


async def test_an_address_that_another_account_has_by_now_is_not_put_back(mailbox, app, carol, bob, stranger):
    to_old, _ = await change(mailbox, carol, NEW)
    await give(app, bob.account, OLD)
    answer = await press(stranger, to_old.link("/address/undo"))
    assert answer.status_code == 409
    assert await address_of(app, carol.account) == NEW


async def test_carol_removes_her_address_which_is_told_and_can_undo_it(mailbox, app, carol, stranger):
    answer = await remove(carol)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/address")
    assert await address_of(app, carol.account) is None
    letter = await mailbox.one(app)
    assert letter.to == OLD
    assert "has no address any more" in letter.text
    await press(stranger, letter.link("/address/undo"))
    assert await address_of(app, carol.account) == OLD


async def test_removing_needs_the_password(mailbox, app, carol):
    answer = await remove(carol, "not her password")
    assert (answer.status_code, look.errors(answer)) == (
        422,
        ["This is not your password. Type the one that you sign in with now."],
    )
    assert look.by_id(look.tree(answer), "remove").get("aria-describedby") == "error-remove"
    assert await address_of(app, carol.account) == OLD
    assert await mailbox.letters(app) == []


async def test_removing_twice_is_no_mistake_and_a_waiting_address_goes_too(mailbox, app, carol):
    await ask_for(carol, NEW)
    asked = (await mailbox.one(app)).link("/address/confirm")
    for _ in range(2):
        assert (await remove(carol)).status_code == 303
    assert (await carol.get(asked)).status_code == 410
    assert (await row(app, "select count(*) from addresses"))[0] == 0


async def test_where_everybody_has_an_address_it_can_be_changed_and_not_removed(config, database, join):
    async with site(config, database, email="required") as app:
        carol = await settled(await join("carol", app=app), OLD)
        assert "/account/address/remove" not in (await carol.open("/account/address")).text
        assert (await remove(carol)).status_code == 403
        assert (await ask_for(carol, NEW)).status_code == 303


async def test_the_address_of_a_deleted_account_is_free_and_leaves_nothing(mailbox, app, carol, bob):
    await change(mailbox, carol, NEW)
    await row(app, "delete from accounts where id = $1", carol.account["id"])
    for table in ("addresses", "links", "account_events"):
        assert (await row(app, f"select count(*) from {table}"))[0] == 0
    await give(app, bob.account, NEW)
