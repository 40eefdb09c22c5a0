"""What happened to an account is written down with a class of device and a rough place, and no more."""

import pytest
from starlette.requests import Request

from board import notices
from board.kit import clients
from tests.factories import row

PHONE = (b"user-agent", b"Mozilla/5.0 (Linux; Android 13) Mobile Safari/537.36")


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
    assert (found["device"], found["network"]) == ("phone", "203.0.*.*")
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
