"""Links that work once: good for one purpose, one account, a while; looking uses nothing up, and using does."""

import asyncio
import dataclasses

import pytest
from itsdangerous import Signer

from board.kit import links
from board.kit.links import Links
from tests.factories import row

OLD, NEW, FOREIGN = "o" * 32, "n" * 32, "f" * 32
PURPOSE = "open the door"


async def make(app, account, purpose=PURPOSE, payload=None, minutes=30) -> str:
    """A token."""
    async with app.state.database.transaction() as connection:
        return await app.state.links.make(connection, purpose, account["id"], payload, minutes)


async def look(app, token, purpose=PURPOSE):
    """What it is good for."""
    async with app.state.database.connection() as connection:
        return await app.state.links.look(connection, purpose, token)


async def use(app, token, purpose=PURPOSE):
    """The same, and it is spent."""
    async with app.state.database.transaction() as connection:
        return await app.state.links.use(connection, purpose, token)


async def test_a_link_tells_whose_it_is_and_what_was_put_into_it(app, alice):
    token = await make(app, alice.account, payload={"address": "alice@example.org"})
    for read in (look, look, use):
        found = await read(app, token)
        assert (found["account_id"], found["payload"]) == (alice.account["id"], {"address": "alice@example.org"})
        assert (found["expires_at"] - found["created_at"]).total_seconds() == 1800


async def test_a_link_that_was_used_leads_nowhere(app, alice):
    token = await make(app, alice.account)
    assert await use(app, token)
    assert await use(app, token) is None
    assert await look(app, token) is None


async def test_of_two_who_use_a_link_at_the_same_time_one_may(busy_app, join):
    alice = await join("alice", app=busy_app)
    token = await make(busy_app, alice.account)
    found = await asyncio.gather(*(use(busy_app, token) for _ in range(8)))
    assert sum(each is not None for each in found) == 1


async def test_a_link_that_was_used_in_vain_stays_good(app, alice):
    token = await make(app, alice.account)
    with pytest.raises(ZeroDivisionError):
        await _use_in_vain(app, token)
    assert await use(app, token)


async def test_a_link_is_good_for_its_purpose_alone(app, alice):
    token = await make(app, alice.account)
    assert await use(app, token, "open the window") is None
    assert await use(app, token, "") is None
    assert await use(app, token)


async def test_a_row_of_another_purpose_opens_nothing_even_with_a_good_signature(app, config, alice):
    random = (await make(app, alice.account)).partition(".")[0]
    forged = Signer(config.keys(), salt="board.link.open the window", key_derivation="hmac").sign(random).decode()
    assert await use(app, forged, "open the window") is None


async def test_a_link_is_over_when_its_time_is(app, alice):
    token = await make(app, alice.account, minutes=1)
    await row(app, "update links set expires_at = now() + interval '1 second'")
    assert await look(app, token)
    await row(app, "update links set expires_at = now()")
    assert await look(app, token) is None
    assert await use(app, token) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: "",
        lambda token: ".",
        lambda token: token.partition(".")[0],
        lambda token: token[:-1],
        lambda token: token[1:],
        lambda token: token + "A",
        lambda token: ("B" if token[0] == "A" else "A") + token[1:],
        lambda token: token.swapcase(),
        lambda token: token + "\0",
        lambda token: "é" + token,
        lambda token: "\ud800" + token,
        lambda token: "A" * 100_000,
        lambda token: Signer(FOREIGN, salt=f"board.link.{PURPOSE}", key_derivation="hmac").sign(token[:32]).decode(),
    ],
)
async def test_a_token_that_was_tampered_with_leads_nowhere(app, alice, spoil):
    token = await make(app, alice.account)
    assert await look(app, spoil(token)) is None
    assert await use(app, spoil(token)) is None
    assert await use(app, token), "and the real one is none the worse for it"


async def test_the_database_does_not_hold_what_a_link_says(app, alice):
    random = (await make(app, alice.account)).partition(".")[0]
    stored = (await row(app, "select token_hash from links"))[0]
    assert len(stored) == 32
    assert random.encode() not in stored


async def test_when_keys_are_rotated_links_under_the_older_one_still_count(app, config, alice):
    def under(keys: str) -> Links:
        return Links(dataclasses.replace(config, secret_keys=keys))

    async with app.state.database.transaction() as connection:
        before = await under(OLD).make(connection, PURPOSE, alice.account["id"])
        after = await under(f"{NEW}, {OLD}").make(connection, PURPOSE, alice.account["id"])
        assert await under(f"{NEW}, {OLD}").look(connection, PURPOSE, before)
        assert await under(NEW).look(connection, PURPOSE, before) is None
        assert await under(OLD).look(connection, PURPOSE, after) is None
        assert await under(NEW).look(connection, PURPOSE, after)


async def test_forgetting_ends_the_links_of_one_account_for_one_purpose(app, alice, bob):
    hers, another, his = (
        await make(app, alice.account),
        await make(app, alice.account, "open the window"),
        await make(app, bob.account),
    )
    async with app.state.database.transaction() as connection:
        assert await app.state.links.forget(connection, PURPOSE, alice.account["id"]) == 1
    assert await look(app, hers) is None
    assert await look(app, another, "open the window")
    assert await look(app, his)


async def test_links_that_are_over_are_forgotten_and_an_account_takes_its_links_along(app, alice, bob):
    await make(app, alice.account, minutes=0)
    await make(app, alice.account)
    await make(app, bob.account)
    async with app.state.database.connection() as connection:
        assert await links.forget_expired(connection) == 1
    await row(app, "delete from accounts where id = $1", alice.account["id"])
    assert [each[0] for each in await rows(app, "select account_id from links")] == [bob.account["id"]]


@pytest.mark.parametrize(
    ("origin", "begins"),
    [("https://board.example/", "https://board.example"), ("", "http://127.0.0.1:8000")],
)
def test_the_address_of_a_link_is_on_the_configured_origin(config, origin, begins):
    made = Links(dataclasses.replace(config, public_origin=origin)).address("/reset", "abc.def")
    assert made == f"{begins}/reset?token=abc.def"


async def rows(app, sql, *arguments):
    """Look into the database."""
    async with app.state.database.connection() as connection:
        return await connection.fetch(sql, *arguments)


async def _use_in_vain(app, token) -> None:
    async with app.state.database.transaction() as connection:
        assert await app.state.links.use(connection, PURPOSE, token)
        _ = 1 / 0
