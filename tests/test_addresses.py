"""An address of one's own: asked for, confirmed by a link, never betrayed to strangers."""

import asyncio
import re

import pytest

from board.addresses import asking
from tests import look
from tests.addressed import address_of, ask_for, give, press, settled, token_of
from tests.conftest import Client
from tests.entrance import site
from tests.factories import row

HERS = "alice@example.org"


@pytest.fixture
async def carol(join) -> Client:
    """Has a password, and no address."""
    return await settled(await join("carol"))


@pytest.fixture
async def dave(join) -> Client:
    """The same."""
    return await settled(await join("dave"))


async def test_carol_adds_an_address_and_confirms_it(mailbox, app, carol):
    assert "You have none" in (await carol.open("/account/address")).text
    answer = await ask_for(carol, " Carol@MÜNCHEN.example.de ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/address")
    page = await carol.open("/account/address")
    assert "A link is on its way to <strong>Carol@münchen.example.de</strong>" in page.text
    letter = await mailbox.one(app)
    assert letter.to == "Carol@xn--mnchen-3ya.example.de"
    assert "carol" in letter.text
    assert await address_of(app, carol.account) is None
    answer = await press(carol, letter.link("/address/confirm"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/address")
    assert await address_of(app, carol.account) == "Carol@xn--mnchen-3ya.example.de"
    assert "<strong>Carol@münchen.example.de</strong>" in (await carol.open("/account/address")).text
    assert await mailbox.letters(app) == [], "the new one has just said yes"
    assert (await row(app, "select kind from account_events"))[0] == "address added"


async def test_who_reads_mail_elsewhere_needs_not_be_signed_in_there(mailbox, app, carol, stranger):
    await ask_for(carol, HERS)
    answer = await press(stranger, (await mailbox.one(app)).link("/address/confirm"))
    assert answer.headers["location"] == "/address/confirmed"
    assert "The address is yours" in (await stranger.open("/address/confirmed")).text
    assert await address_of(app, carol.account) == HERS


async def test_who_waited_for_that_may_write_from_then_on(mailbox, app, carol):
    await row(app, "update accounts set awaits_address = true, role = 'waiting' where id = $1", carol.account["id"])
    await ask_for(carol, HERS)
    await press(carol, (await mailbox.one(app)).link("/address/confirm"))
    assert tuple(await row(app, "select awaits_address, role from accounts")) == (False, "new")


async def test_opening_a_link_as_mail_scanners_do_uses_nothing_up(mailbox, app, carol, stranger):
    await ask_for(carol, HERS)
    link = (await mailbox.one(app)).link("/address/confirm")
    for _ in range(3):
        opened = await stranger.open(link)
        assert opened.headers["referrer-policy"] == "strict-origin"
        assert opened.headers["cache-control"] == "no-store"
        await stranger.head(link)
    assert await address_of(app, carol.account) is None
    await press(stranger, link)
    assert await address_of(app, carol.account) == HERS


async def test_a_link_that_was_used_says_so_and_what_to_do(mailbox, app, carol):
    await ask_for(carol, HERS)
    link = (await mailbox.one(app)).link("/address/confirm")
    await press(carol, link)
    for answer in (await carol.get(link), await carol.post("/address/confirm", data={"token": token_of(link)})):
        assert answer.status_code == 410
        assert "This link is over" in answer.text
        assert {"/forgot", "/account/address"} <= set(look.links(look.tree(answer)))


@pytest.mark.parametrize("token", ["", "x", "A" * 60, "é", "\0", "A" * 3_000, "A" * 32 + "." + "A" * 27])
async def test_a_token_that_is_none_of_ours_leads_nowhere(stranger, token):
    for path in ("/address/confirm", "/address/undo", "/reset"):
        assert (await stranger.get(path, params={"token": token})).status_code == 410
        answer = await stranger.post(path, data={"token": token, "new_password": "four other words too"})
        assert answer.status_code == 410


async def test_a_link_for_one_thing_does_no_other(mailbox, app, carol):
    await ask_for(carol, HERS)
    token = token_of((await mailbox.one(app)).link("/address/confirm"))
    for path in ("/address/undo", "/reset"):
        assert (await carol.get(path, params={"token": token})).status_code == 410
        answer = await carol.post(path, data={"token": token, "new_password": "four other words too"})
        assert answer.status_code == 410


async def test_a_link_of_somebody_else_is_refused_and_stays_good(mailbox, app, carol, bob):
    await ask_for(carol, HERS)
    link = (await mailbox.one(app)).link("/address/confirm")
    assert (await bob.get(link)).status_code == 403
    answer = await bob.post("/address/confirm", data={"token": token_of(link)})
    assert answer.status_code == 403
    assert "Sign out, then open it again." in answer.text
    assert await address_of(app, bob.account) is None
    await press(carol, link)
    assert await address_of(app, carol.account) == HERS


async def test_many_may_wait_for_an_address_and_one_has_it(mailbox, app, carol, dave):
    for client in (carol, dave):
        await ask_for(client, HERS)
    first, second = [letter.link("/address/confirm") for letter in await mailbox.letters(app)]
    assert (await press(carol, first)).status_code == 303
    answer = await press(dave, second)
    assert answer.status_code == 409
    assert "Another account has this address" in answer.text
    assert await address_of(app, dave.account) is None
    assert (await dave.get(second)).status_code == 200, "it was not used up in vain"


async def test_nobody_is_told_whether_another_has_the_address(mailbox, app, carol, dave):
    await give(app, dave.account, HERS)
    taken, free = await ask_for(carol, HERS), await ask_for(carol, "free@example.org")
    assert (taken.status_code, taken.headers["location"]) == (free.status_code, free.headers["location"])
    letters = await mailbox.letters(app)
    assert [letter.to for letter in letters] == [HERS, "free@example.org"]
    texts = {letter.text.replace(token_of(letter.link("/address")), "") for letter in letters}
    assert len(texts) == 1
    assert await address_of(app, dave.account) == HERS


async def test_only_the_address_that_was_asked_for_last_can_be_confirmed(mailbox, app, carol):
    await ask_for(carol, "carol@exmaple.org")
    await ask_for(carol, HERS)
    mistyped, right = [letter.link("/address/confirm") for letter in await mailbox.letters(app)]
    assert (await press(carol, mistyped)).status_code == 410
    await press(carol, right)
    assert await address_of(app, carol.account) == HERS


async def test_the_link_can_be_sent_again_and_never_mind(mailbox, app, carol):
    await ask_for(carol, HERS)
    assert (await carol.post("/account/address/again")).status_code == 303
    first, second = await mailbox.letters(app)
    assert first.to == second.to == HERS
    assert (await carol.post("/account/address/forget")).status_code == 303
    assert "You have none" in (await carol.open("/account/address")).text
    for letter in (first, second):
        assert (await carol.get(letter.link("/address/confirm"))).status_code == 410
    await carol.post("/account/address/again")
    assert await mailbox.letters(app) == []


@pytest.mark.parametrize(
    ("address", "password", "sentences"),
    [
        (
            "alice@",
            None,
            ["This is no e-mail address that mail can be sent to. There must be something after the @-sign."],
        ),
        ("", None, ["The address is empty."]),
        (HERS, "not her password", ["This is not your password. Type the one that you sign in with now."]),
        (HERS, "", ["This is not your password. Type the one that you sign in with now."]),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_comes_back(mailbox, app, carol, address, password, sentences):
    answer = await ask_for(carol, address, *([] if password is None else [password]))
    assert (answer.status_code, look.errors(answer)) == (422, sentences)
    form = next(each for each in look.tree(answer).iter("form") if each.get("action") == "/account/address")
    typed = {each.get("name"): each.get("value") for each in form.iter("input")}
    assert typed == {"address": address, "current_password": None}
    assert await mailbox.letters(app) == []


async def test_the_address_that_one_has_is_not_asked_for_again(mailbox, app, carol):
    await give(app, carol.account, HERS)
    answer = await ask_for(carol, "ALICE@example.org")
    assert look.errors(answer) == ["This is your address already."]
    assert await mailbox.letters(app) == []


async def test_a_stranger_is_asked_to_sign_in(stranger):
    for path in ("/account/address", "/account/password", "/account/security"):
        assert (await stranger.get(path)).headers["location"] == f"/sign-in?next={path}"
    for path in ("", "/again", "/forget", "/remove"):
        assert (await stranger.post(f"/account/address{path}")).headers["location"].startswith("/sign-in")


async def test_a_board_may_keep_no_addresses(config, database, join):
    async with site(config, database, email="off") as app:
        carol = await settled(await join("carol", app=app))
        page = await carol.open("/account/address")
        assert "This board keeps no addresses." in page.text
        assert "<form class=" not in page.text
        assert (await ask_for(carol, HERS)).status_code == 403


async def test_of_two_who_confirm_an_address_at_the_same_moment_one_has_it(busy_app, join):
    people = [await join(name, app=busy_app) for name in ("carol", "dave", "erin")]
    tokens = []
    for client in people:
        async with busy_app.state.database.transaction() as connection:
            await connection.execute(
                "insert into addresses (account_id, verified, address, address_key) values ($1, false, $2, $2)",
                client.account["id"],
                HERS,
            )
            links = busy_app.state.links
            tokens.append(await links.make(connection, asking.VERIFY, client.account["id"], {"address": HERS}))
    sent = zip(people, tokens, strict=True)
    answers = await asyncio.gather(*(client.post("/address/confirm", data={"token": token}) for client, token in sent))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    assert (await row(busy_app, "select count(*) from addresses where verified"))[0] == 1


async def test_a_link_that_is_used_twice_at_the_same_moment_counts_once(busy_app, join, mailbox):
    carol = await settled(await join("carol", app=busy_app))
    await ask_for(carol, HERS)
    found = await row(busy_app, "select text from mails")
    token = re.search(r"token=(\S+)", found[0])[1]
    answers = await asyncio.gather(*(carol.post("/address/confirm", data={"token": token}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]
    assert await address_of(busy_app, carol.account) == HERS
