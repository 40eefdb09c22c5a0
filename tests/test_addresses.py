"""An address of one's own: asked for, confirmed by a link, changed with both told, taken back, never betrayed."""

import dataclasses

import pytest
from starlette.requests import Request

from board import addresses
from board.addresses import asking
from board.kit.quotas import Quotas
from tests.factories import row


async def ask(app, account, address: str, host: str = "203.0.113.9") -> None:
    """As signing up does."""
    request = Request({"type": "http", "app": app, "headers": [], "client": (host, 5000)})
    async with app.state.database.transaction() as connection:
        await addresses.ask_to_verify(request, connection, account["id"], address)


async def test_a_link_is_mailed_to_the_address_and_to_nobody_else(mailbox, app, alice):
    await ask(app, alice.account, "alice@example.org")
    letter = await mailbox.one(app)
    assert letter.to == "alice@example.org"
    assert letter.link("/address/confirm?token=")
    waiting = await row(app, "select account_id, verified, address from addresses")
    assert tuple(waiting) == (alice.account["id"], False, "alice@example.org")


@pytest.mark.parametrize(
    ("quota", "asks"),
    [
        (asking.BY_ACCOUNT, lambda n: ("alice", f"a{n}@example.org", f"10.0.0.{n}")),
        (asking.BY_ADDRESS, lambda n: (f"p{n}", "alice@example.org", f"10.0.0.{n}")),
        (asking.BY_NETWORK, lambda n: (f"p{n}", f"a{n}@example.org", "10.0.0.1")),
    ],
)
async def test_nobody_can_have_mailboxes_flooded(mailbox, app, join, quota, asks):
    app.state.quotas = Quotas(dataclasses.replace(app.state.config, rate_limits=True))
    people = {}
    for n in range(quota.burst + 3):
        name, address, host = asks(n)
        people[name] = people.get(name) or await join(name)
        await ask(app, people[name].account, address, host)
    assert (await row(app, "select count(*) from mails"))[0] == quota.burst
