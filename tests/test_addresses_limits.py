"""Nobody has mailboxes flooded by the board, and who is refused a mail is not told why."""

import dataclasses

import pytest
from starlette.requests import Request

from board import addresses
from board.addresses import asking
from board.kit.quotas import Quotas
from tests.addressed import forget, letters, settled
from tests.conftest import Client
from tests.entrance import site
from tests.factories import row

HERS = "carol@example.org"


async def ask(app, account, address: str, host: str = "203.0.113.9") -> None:
    """As signing up does."""
    request = Request({"type": "http", "app": app, "headers": [], "client": (host, 5000)})
    async with app.state.database.transaction() as connection:
        await addresses.ask_to_verify(request, connection, account["id"], address)


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
    people: dict[str, Client] = {}
    for n in range(quota.burst + 3):
        name, address, host = asks(n)
        people[name] = people.get(name) or await join(name)
        await ask(app, people[name].account, address, host)
    assert (await row(app, "select count(*) from mails"))[0] == quota.burst


async def test_who_asks_in_a_row_for_another_is_not_told_when_no_mail_goes_out(mailbox, config, database, join):
    async with site(config, database, rate_limits=True) as app, Client(app) as mallory:
        await settled(await join("carol", app=app), HERS)
        answers = [(await forget(mallory, each)).headers["location"] for each in ("carol", HERS) * 4]
        assert set(answers) == {"/forgot?sent"}
        assert len(await letters(mailbox, app)) == 3
        # Carol herself, from elsewhere, is not held up by that.
        mallory._transport.client = ("198.51.100.7", 1)
        await forget(mallory, "carol")
        assert len(await letters(mailbox, app)) == 1


async def test_an_address_does_not_get_mail_without_end_from_many_networks(mailbox, config, database, join):
    async with site(config, database, rate_limits=True) as app, Client(app) as mallory:
        await settled(await join("carol", app=app), HERS)
        for n in range(20):
            mallory._transport.client = (f"198.51.100.{n}", 1)
            await forget(mallory, "carol")
        assert len(await letters(mailbox, app)) == 10


async def test_one_network_can_not_have_many_written_to(config, database):
    async with site(config, database, rate_limits=True) as app, Client(app) as mallory:
        statuses = [(await forget(mallory, f"person{n}")).status_code for n in range(32)]
        assert statuses == [303] * 30 + [429] * 2
        answer = await forget(mallory, "person99")
        assert "Very many links were asked for from your network." in answer.text
        assert answer.headers["retry-after"] == "120"
