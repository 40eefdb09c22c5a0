"""A new key in front of SECRET_KEYS: within an hour all that is encrypted is under it, and the old one can go."""

import dataclasses

from board import jobs, push
from board.factors import resealing
from board.factors.two_step import purpose
from board.kit.seals import Seals
from tests.factories import row
from tests.mailbox import site_of

OLD, NEW = "o" * 40, "n" * 40


def under(config, *keys: str) -> Seals:
    return Seals(dataclasses.replace(config, secret_keys=",".join(keys)))


async def seal(app, config, *people) -> None:
    """Apps of these people, and the board's key for push messages, as they were sealed before."""
    for person in people:
        account_id = person.account["id"]
        sealed = under(config, OLD).seal(purpose(account_id), f"secret of {account_id}")
        await row(app, "insert into authenticators (account_id, secret) values ($1, $2)", account_id, sealed)
    await row(app, "insert into push_keys (sealed, public_key) values ($1, 'p')", under(config, OLD).seal("push", "k"))


async def renew(app, config, *keys: str) -> int:
    site = dataclasses.replace(site_of(app), config=dataclasses.replace(config, secret_keys=",".join(keys)))
    return await jobs.renew_seals(site)


async def test_all_goes_under_the_new_key_and_stays_what_it_was(app, config, alice, bob, mod, monkeypatch):
    monkeypatch.setattr(resealing, "_SOME", 2)
    await seal(app, config, alice, bob, mod)
    assert await renew(app, config, NEW, OLD) == 4
    assert await renew(app, config, NEW, OLD) == 0
    for person in (alice, bob, mod):
        account_id = person.account["id"]
        stored = await row(app, "select secret from authenticators where account_id = $1", account_id)
        assert under(config, NEW).open(purpose(account_id), stored[0]) == f"secret of {account_id}"
    async with app.state.database.connection() as connection:
        keys = await push.Keys.of(connection, dataclasses.replace(config, secret_keys=NEW))
    assert keys == push.Keys("k", "p")


async def test_what_no_key_opens_is_left_as_it_is(app, config, alice, bob):
    await seal(app, config, alice, bob)
    before = await row(app, "select array_agg(secret order by account_id) from authenticators")
    assert await renew(app, config, NEW) == 0
    assert await row(app, "select array_agg(secret order by account_id) from authenticators") == before
    assert await renew(app, config, NEW, OLD) == 3
