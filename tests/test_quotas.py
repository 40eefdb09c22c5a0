"""How often something may be done is counted in the database, for all replicas, by keys that name nobody."""

import asyncio
import dataclasses

import pytest

from board.kit import quotas
from board.kit.quotas import Quota, Quotas
from tests.factories import row

MAILS, LETTERS = Quota("mails", 3, 3600), Quota("letters", 1, 3600)


@pytest.fixture
def counted(config) -> Quotas:
    """Quotas that hold."""
    return Quotas(dataclasses.replace(config, rate_limits=True))


async def take(app, counted, asked) -> bool:
    """Do it once."""
    async with app.state.database.transaction() as connection:
        return await counted.take(connection, asked)


async def test_so_many_at_once_and_then_as_many_in_the_time(app, counted):
    assert [await take(app, counted, {MAILS: "alice"}) for _ in range(4)] == [True, True, True, False]
    await row(app, "update quotas set due = due - interval '1200 seconds'")
    assert [await take(app, counted, {MAILS: "alice"}) for _ in range(2)] == [True, False]


async def test_what_was_refused_does_not_count(app, counted):
    for _ in range(20):
        await take(app, counted, {MAILS: "alice"})
    await row(app, "update quotas set due = due - interval '1200 seconds'")
    assert await take(app, counted, {MAILS: "alice"})


async def test_each_is_counted_alone(app, counted):
    for _ in range(4):
        await take(app, counted, {MAILS: "alice"})
    assert await take(app, counted, {MAILS: "bob"})
    assert await take(app, counted, {LETTERS: "alice"})


async def test_all_have_to_allow_it(app, counted):
    assert await take(app, counted, {MAILS: "alice", LETTERS: "a network"})
    assert not await take(app, counted, {MAILS: "bob", LETTERS: "a network"})
    assert not await take(app, counted, {LETTERS: "a network", MAILS: "carol"})


async def test_of_many_at_the_same_time_as_many_as_may(busy_app, counted):
    orders = [{MAILS: "alice", LETTERS: n} if n % 2 else {LETTERS: n, MAILS: "alice"} for n in range(12)]
    done = await asyncio.gather(*(take(busy_app, counted, asked) for asked in orders))
    assert sum(done) == 3


async def test_the_table_names_nobody_and_forgets_who_is_at_rest(app, counted):
    await take(app, counted, {MAILS: "alice@example.org"})
    assert b"alice" not in (await row(app, "select key from quotas"))[0]
    async with app.state.database.connection() as connection:
        assert await quotas.forget_rested(connection) == 0
    await row(app, "update quotas set due = now()")
    async with app.state.database.connection() as connection:
        assert await quotas.forget_rested(connection) == 1


async def test_without_limits_nobody_is_counted(app, config):
    free = Quotas(config)
    assert all([await take(app, free, {LETTERS: "alice"}) for _ in range(5)])
    assert await row(app, "select * from quotas") is None
