"""A new password by mail: the same answer to everybody, one use, half an hour, and it ends what the old one opened."""

import asyncio
import logging

import pytest

from board.addresses import new_password
from tests import look
from tests.addressed import ask_for, forget, letters, press, settled, token_of
from tests.conftest import ORIGIN, Client
from tests.entrance import PASSWORD, sign_in, site, who
from tests.factories import row
from tests.steps import go_half_way, set_up, take

HERS = "carol@example.org"
ANOTHER = "four other words too"


@pytest.fixture
async def carol(join) -> Client:
    """Has a password and an address."""
    return await settled(await join("carol"), HERS)


async def link_for(mailbox, client, who="carol") -> str:
    """What is mailed to somebody who asks."""
    await forget(client, who)
    (letter,) = [each for each in await letters(mailbox, client.app) if "/reset?" in each.text]
    return letter.link("/reset")


@pytest.mark.parametrize("typed", ["carol", " CAROL ", "car0l", HERS, "Carol@Example.org"])
async def test_carol_forgets_her_password_and_sets_another(mailbox, app, carol, stranger, typed):
    page = await stranger.open("/sign-in")
    assert "/forgot" in look.links(look.tree(page))
    answer = await forget(stranger, typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/forgot?sent")
    assert "Look into your mail" in (await stranger.open("/forgot?sent")).text
    (letter,) = await letters(mailbox, app)
    assert letter.to == HERS
    assert "carol" in letter.subject
    answer = await press(stranger, letter.link("/reset"), new_password=ANOTHER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/reset/done")
    assert "You have a new password" in (await stranger.open("/reset/done")).text
    assert (await sign_in(stranger, "carol")).status_code == 422
    assert (await sign_in(stranger, "carol", password=ANOTHER)).status_code == 303
    assert await who(stranger) == "carol"


async def test_the_same_answer_for_who_is_there_and_who_is_not(mailbox, app, carol, join, stranger):
    await settled(await join("dave"))
    erin = await settled(await join("erin"))
    await ask_for(erin, "erin@example.org")
    await mailbox.letters(app)
    answers = set()
    counts = set()
    for each in ("carol", HERS, "dave", "erin", "erin@example.org", "nobody", "nobody@example.org", "no address@", "x"):
        before = await row(app, "select (select count(*) from forgotten) + (select count(*) from jobs)")
        answer = await forget(stranger, each)
        after = await row(app, "select (select count(*) from forgotten) + (select count(*) from jobs)")
        counts.add(after[0] - before[0])
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        answers.add((answer.status_code, answer.text, str(sorted(headers.items()))))
    assert len(answers) == len(counts) == 1, "and the same work in the database"
    sent = await letters(mailbox, app)
    assert [letter.to for letter in sent] == [HERS, HERS], "only a confirmed address gets a link"
    assert (await row(app, "select count(*) from forgotten"))[0] == 0


async def test_the_form_runs_the_same_statements_for_everybody(app, carol, stranger):
    runs = []
    app.state.database.watchers.append(lambda name, *_: runs.append(name))
    seen = set()
    for each in ("carol", HERS, "nobody", "nobody@example.org"):
        runs.clear()
        await forget(stranger, each)
        seen.add(tuple(runs))
    assert len(seen) == 1
    assert not {name for name in seen.pop() if name.startswith(("accounts/", "addresses/find"))}


WICKED = [
    {"Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"},
    {"Host": "testserver@evil.example", "X-Host": "evil.example", "X-Original-URL": "//evil.example/"},
]


@pytest.mark.parametrize("headers", WICKED)
async def test_the_link_leads_to_the_configured_origin_whatever_host_was_asked_for(
    mailbox, app, carol, stranger, headers
):
    assert (await forget(stranger, "carol", headers=headers)).status_code == 303
    (letter,) = await letters(mailbox, app)
    assert f"\n{ORIGIN}/reset?token=" in letter.text
    assert "evil" not in letter.data.decode()


async def test_without_a_configured_origin_it_leads_to_where_the_server_listens(mailbox, config, database, join):
    async with site(config, database, public_origin="") as app, Client(app) as stranger:
        await settled(await join("carol", app=app), HERS)
        stranger.headers["Origin"] = "http://evil.example"
        assert (await forget(stranger, "carol", headers={"Host": "evil.example"})).status_code == 303
        (letter,) = await letters(mailbox, app)
        assert "\nhttp://127.0.0.1:8000/reset?token=" in letter.text
        assert "evil" not in letter.text


async def test_opening_the_link_uses_nothing_up_and_keeps_it_out_of_caches_and_referrers(mailbox, app, carol, stranger):
    link = await link_for(mailbox, stranger)
    for _ in range(3):
        opened = await stranger.open(link)
        assert opened.headers["referrer-policy"] == "strict-origin"
        assert opened.headers["cache-control"] == "no-store"
        assert "noindex" in opened.text
        assert all(each.startswith("/") for each in look.links(look.tree(opened)) if not each.startswith("#"))
    assert (await press(stranger, link, new_password=ANOTHER)).status_code == 303


async def test_a_link_works_once(mailbox, app, carol, stranger):
    link = await link_for(mailbox, stranger)
    await press(stranger, link, new_password=ANOTHER)
    again = await stranger.post("/reset", data={"token": token_of(link), "new_password": "yet another four words"})
    assert again.status_code == 410
    assert "ask for another one" in again.text
    assert (await stranger.get(link)).status_code == 410
    assert (await sign_in(stranger, "carol", password=ANOTHER)).status_code == 303


async def test_of_two_who_use_it_at_the_same_time_one_may(busy_app, join):
    carol = await settled(await join("carol", app=busy_app))
    async with busy_app.state.database.transaction() as connection:
        token = await busy_app.state.links.make(connection, new_password.RESET, carol.account["id"])
    words = [f"four other words {n}" for n in range(4)]
    answers = await asyncio.gather(
        *(carol.post("/reset", data={"token": token, "new_password": each}) for each in words)
    )
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]


async def test_a_password_that_fails_the_rules_does_not_use_the_link_up(mailbox, app, carol, stranger):
    link = await link_for(mailbox, stranger)
    for weak in ("", "short", "x" * 200, "carolcarolcarol"):
        answer = await press(stranger, link, new_password=weak)
        assert answer.status_code == 422
        assert len(look.errors(answer)) == 1
        assert "value" not in look.by_id(look.tree(answer), "new_password").attrib
        assert answer.headers["referrer-policy"] == "strict-origin"
    assert (await press(stranger, link, new_password=ANOTHER)).status_code == 303


async def test_a_link_is_over_after_half_an_hour(mailbox, app, carol, stranger):
    link = await link_for(mailbox, stranger)
    assert (await row(app, "select expires_at - now() <= interval '30 minutes' from links"))[0]
    await row(app, "update links set expires_at = now()")
    assert (await stranger.get(link)).status_code == 410
    answer = await stranger.post("/reset", data={"token": token_of(link), "new_password": ANOTHER})
    assert answer.status_code == 410
    assert (await sign_in(stranger, "carol")).status_code == 303


async def test_a_new_password_ends_all_that_the_old_one_opened(mailbox, app, carol, stranger, bob):
    first, second = await link_for(mailbox, stranger), await link_for(mailbox, stranger, HERS)
    assert await who(carol) == "carol"
    await press(stranger, first, new_password=ANOTHER)
    assert (await stranger.get(second)).status_code == 410
    assert await who(carol) == ""
    assert await who(bob) == "bob"
    assert await who(stranger) == "", "the one with the link signs in as everybody does"
    letter = await mailbox.one(app)
    assert letter.to == HERS
    assert "A new password was set by a link" in letter.text
    assert tuple(await row(app, "select kind from account_events")) == ("password reset",)


async def test_the_second_step_is_still_asked_for_where_a_device_was_trusted_too(mailbox, app, carol):
    _, codes = await set_up(carol)
    await go_half_way(carol)
    await take(carol, codes.pop(), trust="on")
    assert await who(carol) == "carol"
    await sign_in(carol, "carol")
    assert await who(carol) == "carol", "this device is trusted"
    await press(carol, await link_for(mailbox, carol), new_password=ANOTHER)
    answer = await sign_in(carol, "carol", password=ANOTHER)
    assert answer.headers["location"] == "/sign-in/second-step"
    assert await who(carol) == ""


async def test_who_signs_in_with_the_old_password_at_the_same_moment_stays_out(busy_app, join, monkeypatch):
    carol = await settled(await join("carol", app=busy_app))
    async with busy_app.state.database.transaction() as connection:
        token = await busy_app.state.links.make(connection, new_password.RESET, carol.account["id"])
    passwords = busy_app.state.passwords
    matches = passwords.matches

    async def matches_slowly(password: str, stored: str | None, **options: bool) -> bool:
        right = await matches(password, stored, **options)
        await carol.post("/reset", data={"token": token, "new_password": ANOTHER})
        return right

    monkeypatch.setattr(passwords, "matches", matches_slowly)
    async with Client(busy_app) as thief:
        assert (await sign_in(thief, "carol")).status_code == 422
        assert await who(thief) == ""
    assert (await row(busy_app, "select count(*) from sessions"))[0] == 0


async def test_asking_once_more_leaves_the_first_link_good(mailbox, app, carol, stranger):
    first = await link_for(mailbox, stranger)
    await link_for(mailbox, stranger)
    assert (await press(stranger, first, new_password=ANOTHER)).status_code == 303


async def test_what_nobody_can_be_called_comes_back_with_a_sentence(stranger):
    for typed, sentence in (("", "Your name or address is empty."), ("x" * 300, "at most 254 are allowed")):
        answer = await forget(stranger, typed)
        assert answer.status_code == 422
        assert sentence in look.errors(answer)[0]
        assert look.by_id(look.tree(answer), "who").get("value") == typed


async def test_what_was_typed_and_what_was_mailed_is_in_no_log_and_in_no_job(mailbox, app, carol, stranger, caplog):
    caplog.set_level(logging.DEBUG)
    await forget(stranger, HERS)
    payload = (await row(app, "select payload from jobs where kind = $1", new_password.MAIL_LINK))[0]
    assert set(payload) == {"forgotten"}
    assert isinstance(payload["forgotten"], int)
    (letter,) = await letters(mailbox, app)
    await press(stranger, letter.link("/reset"), new_password=ANOTHER)
    ours = "\n".join(
        record.getMessage() + str(getattr(record, "fields", ""))
        for record in caplog.records
        if record.name.startswith("board")
    )
    assert "/reset" in ours
    for secret in (token_of(letter.link("/reset")), HERS, ANOTHER, PASSWORD):
        assert secret not in ours


async def test_a_board_without_addresses_says_whom_to_ask(config, database):
    async with site(config, database, email="off") as app, Client(app) as stranger:
        page = await stranger.open("/forgot")
        assert "Ask who runs it" in page.text
        assert 'action="/forgot"' not in page.text


async def test_a_request_that_no_job_saw_to_is_forgotten_after_a_day(mailbox, app, stranger):
    await forget(stranger, "carol")
    await row(app, "update forgotten set created_at = now() - interval '25 hours'")
    async with app.state.database.connection() as connection:
        assert await new_password.forget_forgotten(connection) == 1
    assert await letters(mailbox, app) == []


async def test_a_link_in_the_hands_of_who_is_signed_in_as_another_works_for_its_account(mailbox, app, carol, bob):
    link = await link_for(mailbox, bob)
    assert "A new password for carol" in (await bob.open(link)).text
    await press(bob, link, new_password=ANOTHER)
    assert await who(bob) == "bob"
    assert (await sign_in(bob, "carol", password=ANOTHER)).status_code == 303


async def test_the_address_says_whose_it_is_however_many_wait_for_it(mailbox, app, carol, join, stranger):
    mallory = await settled(await join("mallory"))
    await ask_for(mallory, HERS)
    await mailbox.letters(app)
    await forget(stranger, HERS)
    (letter,) = await letters(mailbox, app)
    assert "carol" in letter.subject
