"""What happened to an account is written down with a class of device and a rough place, and no more."""

import html
import re
import string

import pytest
from starlette.requests import Request

from board import jobs, notices
from board.kit import clients
from board.kit.worker import Site
from tests import look
from tests.addressed import give
from tests.factories import row

PHONE = (b"user-agent", b"Mozilla/5.0 (Linux; Android 13) Chrome/140.0 Mobile Safari/537.36")


def request(app, *headers, client=("203.0.113.9", 5000)) -> Request:
    """What a handler would have got."""
    return Request({"type": "http", "app": app, "headers": list(headers), "client": client, "state": {}})


async def tell(app, account, kind, *, client=("203.0.113.9", 5000), **details) -> None:
    """As a handler does."""
    async with app.state.database.transaction() as connection:
        await notices.tell(request(app, PHONE, client=client), connection, account["id"], kind, **details)


async def test_it_is_written_down_with_device_and_rough_place(app, alice):
    await tell(app, alice.account, "name changed", old="al", new="alice")
    found = await row(app, "select * from account_events")
    assert (found["account_id"], found["kind"]) == (alice.account["id"], "name changed")
    assert (found["device"], found["network"]) == ("Chrome on Android", "203.0.*.*")
    assert found["details"] == {"old": "al", "new": "alice"}


async def test_what_somebody_else_does_says_nothing_of_their_device(app, alice):
    await tell(app, alice.account, "role changed", old="member", new="moderator")
    found = await row(app, "select * from account_events")
    assert (found["device"], found["network"]) == ("", "")


async def test_an_unknown_kind_and_a_missing_detail_are_mistakes_of_ours(app, alice):
    with pytest.raises(KeyError):
        await tell(app, alice.account, "sneezed")
    with pytest.raises(KeyError):
        await tell(app, alice.account, "name changed", old="al")
    assert await row(app, "select * from account_events") is None


async def test_it_is_mailed_to_a_confirmed_address_with_what_to_do(mailbox, app, alice):
    await tell(app, alice.account, "password changed")
    assert await mailbox.letters(app) == [], "there is none yet"
    await give(app, alice.account, "alice@example.org")
    await tell(app, alice.account, "name changed", old="al", new="alice")
    letter = await mailbox.one(app)
    assert letter.to == "alice@example.org"
    for words in (
        "The name was changed from al to alice.",
        "Chrome on Android, from 203.0.*.*",
        "If not: set a new password",
        "http://testserver/account/security",
    ):
        assert words in letter.text


async def test_every_kind_can_be_told_and_read(mailbox, app, alice):
    await give(app, alice.account, "alice@example.org")
    for kind, each_kind in notices.KINDS.items():
        await tell(app, alice.account, kind, **details(each_kind))
    assert len(await mailbox.letters(app)) == sum(kind.mailed for kind in notices.KINDS.values())
    first = await alice.open("/account/security")
    (older,) = [each for each in look.links(look.tree(first)) if "after=" in each]
    told = html.unescape(first.text + (await alice.open(older)).text)
    for each_kind in notices.KINDS.values():
        assert each_kind.sentence.format(**details(each_kind)) in told


def details(kind: notices.Kind) -> dict[str, str]:
    """Something for each name in a sentence."""
    return {name: f"some {name}" for _, name, _, _ in string.Formatter().parse(kind.sentence) if name}


async def test_a_job_tells_without_a_device(app, alice):
    async with app.state.database.transaction() as connection:
        await notices.tell_later(app.state.mailer, connection, alice.account["id"], "export made", day="1 May")
    assert (await row(app, "select device from account_events"))[0] == ""


async def test_alice_reads_what_happened_newest_first_page_by_page(app, alice):
    for number in range(30):
        await tell(app, alice.account, "backup code used", left=number)
    page = await alice.open("/account/security")
    assert lefts(page) == list(range(29, 4, -1))
    (older,) = [each for each in look.links(look.tree(page)) if "after=" in each]
    page = await alice.open(older)
    assert lefts(page) == [4, 3, 2, 1, 0]
    (newer,) = [each for each in look.links(look.tree(page)) if "before=" in each]
    assert lefts(await alice.open(newer)) == list(range(29, 4, -1))


def lefts(page) -> list[int]:
    return [int(each) for each in re.findall(r"sign in; (\d+) are left", page.text)]


async def test_nobody_sees_what_happened_to_others(app, alice, bob, admin, stranger):
    await tell(app, alice.account, "name changed", old="al", new="alice")
    for client in (bob, admin):
        page = await client.open("/account/security")
        assert "Nothing so far." in page.text
    assert (await stranger.get("/account/security")).headers["location"] == "/sign-in?next=/account/security"


async def test_what_a_newer_release_wrote_is_shown_as_it_is_called(app, alice):
    await row(
        app,
        "insert into account_events (account_id, kind, device, network) values ($1, 'moon landed', '', '')",
        alice.account["id"],
    )
    assert "Moon landed." in (await alice.open("/account/security")).text


async def test_a_broken_page_number_is_told(alice):
    assert (await alice.get("/account/security?after=x")).status_code == 400


async def test_it_is_kept_as_long_as_the_page_says(app, alice):
    await tell(app, alice.account, "password changed")
    assert "Kept for 180 days" in (await alice.open("/account/security")).text
    site = Site(app.state.config, app.state.database, app.state.storage)
    await row(app, "update account_events set created_at = now() - interval '179 days'")
    assert await jobs.run_once(site, jobs.forget_events) == 0
    await row(app, "update account_events set created_at = now() - interval '181 days'")
    assert await jobs.run_once(site, jobs.forget_events) == 1


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("203.0.113.9", "203.0.*.*"),
        ("::ffff:203.0.113.9", "203.0.*.*"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:*"),
        ("::1", "0:0:*"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_a_rough_place_is_half_of_an_address(host, region):
    assert clients.region(host) == region
