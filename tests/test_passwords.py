"""Passwords: strong hashes, the same work for everybody, and a queue that has an end."""

import asyncio
import time

import pytest
from argon2 import PasswordHasher, extract_parameters

from board.kit import passwords
from board.kit.errors import Unavailable
from board.kit.passwords import Passwords
from tests.conftest import Client
from tests.entrance import PASSWORD, sign_in, sign_up, site
from tests.factories import row


@pytest.fixture
def hasher():
    hasher = Passwords(1)
    yield hasher
    hasher.close()


async def test_the_stored_hash_is_argon2id_at_the_strength_that_owasp_asks_for(app, stranger):
    await sign_up(stranger)
    stored = (await row(app, "select password_hash from accounts"))["password_hash"]
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    parameters = extract_parameters(stored)
    assert (parameters.salt_len, parameters.hash_len) == (16, 32)
    assert PASSWORD not in stored


async def test_a_password_is_hashed_differently_each_time_and_both_match(hasher):
    one, other = await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)
    assert one != other
    assert await hasher.matches(PASSWORD, one)
    assert await hasher.matches(PASSWORD, other)
    assert not await hasher.matches(PASSWORD + " ", one)


@pytest.mark.parametrize("stored", ["!", "", "x", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", "é"])
async def test_what_is_no_hash_matches_nothing(hasher, stored):
    for password in (stored, "", "nobody has this password"):
        assert not await hasher.matches(password, stored)


async def test_without_a_stored_hash_nothing_matches_not_even_the_password_of_nobody(hasher):
    for password in ("nobody has this password", "", PASSWORD):
        assert not await hasher.matches(password, None)


async def test_hashes_of_earlier_strength_still_match(hasher):
    assert await hasher.matches(PASSWORD, PasswordHasher(time_cost=1, memory_cost=64, parallelism=2).hash(PASSWORD))


async def test_an_unknown_name_takes_as_long_as_a_wrong_password(hasher):
    stored = await hasher.hash(PASSWORD)

    async def seconds(known: str | None) -> float:
        started = time.perf_counter()
        await hasher.matches("a wrong password", known)
        return time.perf_counter() - started

    wrong = min([await seconds(stored) for _ in range(5)])
    unknown = min([await seconds(None) for _ in range(5)])
    assert 0.5 < unknown / wrong < 2


async def test_signing_in_does_the_same_work_for_every_mistake(app, stranger, monkeypatch):
    await sign_up(stranger)
    checked = []
    verify = Passwords._verify
    monkeypatch.setattr(Passwords, "_verify", lambda self, *sent: checked.append(sent) or verify(self, *sent))
    for name in ("carol", "nobody-here", "", "x" * 300, "car\0ol", "<odd>"):
        await sign_in(stranger, name, password="a wrong password")
    assert len(checked) == 6
    assert {stored.rpartition("$")[0].rpartition("$")[0] for _, stored in checked} == {"$argon2id$v=19$m=19456,t=2,p=1"}
    await sign_in(stranger, "carol", password="x" * 500_000)
    assert len(checked[-1][0]) == passwords.LONGEST + 1


async def test_the_loop_is_free_while_passwords_are_checked(hasher):
    checks = [asyncio.create_task(hasher.hash(PASSWORD)) for _ in range(4)]
    turns = 0
    while not all(each.done() for each in checks):
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100


async def test_when_too_many_wait_the_next_is_told_so_and_later_there_is_room_again(hasher, monkeypatch):
    monkeypatch.setattr(passwords, "_WAITING", 3)
    answers = await asyncio.gather(*(hasher.hash(PASSWORD) for _ in range(5)), return_exceptions=True)
    refused = [each for each in answers if isinstance(each, Unavailable)]
    assert len(refused) == 2
    assert str(refused[0]) == "Very many people are signing in right now. Try again in a minute."
    assert await hasher.matches(PASSWORD, answers[0])


async def test_who_leaves_the_queue_makes_room(hasher, monkeypatch):
    monkeypatch.setattr(passwords, "_WAITING", 2)
    for _ in range(5):
        tasks = [asyncio.create_task(hasher.hash(PASSWORD)) for _ in range(2)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert await hasher.matches(PASSWORD, await hasher.hash(PASSWORD))


async def test_a_full_queue_is_a_page_that_says_try_again(config, database, monkeypatch):
    async with site(config, database, password_threads=1) as app, Client(app) as stranger:
        monkeypatch.setattr(passwords, "_WAITING", 0)
        for answer in (await sign_in(stranger), await sign_up(stranger)):
            assert answer.status_code == 503
            assert "Very many people are signing in right now. Try again in a minute." in answer.text
        monkeypatch.undo()
        assert (await sign_up(stranger)).status_code == 303
