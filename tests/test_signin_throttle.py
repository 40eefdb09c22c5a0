"""Who guesses passwords waits longer and longer; the owner gets in all the while."""

import asyncio
import dataclasses
from collections import Counter

import pytest

from board import signin
from board.app import create_app
from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD, at, set_cookies, sign_in, sign_up, site, who
from tests.factories import row
from tests.routes import cheaply

CAP = 900


@pytest.fixture
async def limited(config, database):
    """The site as it is for people: with limits."""
    async with site(config, database, rate_limits=True) as app:
        cheaply(app)
        yield app


@pytest.fixture
async def carol(limited):
    """Joined on this device, and is signed out."""
    async with at(limited, "192.0.2.1") as client:
        await sign_up(client)
        await client.post("/sign-out")
        yield client


async def later(app, seconds: float) -> None:
    """Let time pass for those who wait."""
    await row(
        app,
        "update sign_in_tries set tried_at = tried_at - $1 * interval '1 s', due_at = due_at - $1 * interval '1 s'",
        seconds,
    )


async def guess(client, name: str = "carol", password: str = "a wrong password") -> int:
    """The status of a try."""
    return (await sign_in(client, name, password=password)).status_code


async def id_of(app, name: str) -> int:
    """An account's id."""
    return (await row(app, "select id from accounts where name = $1", name))[0]


def waits(answer) -> int:
    """The seconds that an answer tells, which are at most the cap that is promised."""
    assert answer.status_code == 429
    seconds = int(answer.headers["retry-after"])
    assert 1 <= seconds <= CAP
    (sentence,) = look.errors(answer)
    assert f"Wait {seconds} second" in sentence or f"Wait {-(-seconds // 60)} minutes" in sentence
    return seconds


async def test_after_five_wrong_passwords_each_wait_is_twice_the_one_before(limited, carol):
    async with at(limited, "198.51.100.1") as thief:
        for _ in range(5):
            assert await guess(thief) == 422
        told = []
        for _ in range(12):
            told.append(waits(await sign_in(thief, password="a wrong password")))
            await later(limited, told[-1])
            assert await guess(thief) == 422
    assert told[:8] == [1, 2, 4, 8, 16, 32, 64, 128]
    assert told[-1] == CAP


async def test_in_a_day_a_network_can_try_a_hundred_passwords_of_one_name(limited, carol):
    async with at(limited, "198.51.100.1") as thief:
        tried, passed = 0, 0.0
        while passed < 86_400:
            answer = await sign_in(thief, password="a wrong password")
            if answer.status_code == 429:
                passed += waits(answer)
                await later(limited, waits(answer))
            else:
                tried += 1
    assert 96 <= tried <= 115


async def test_while_one_waits_the_right_password_is_not_looked_at_and_the_name_comes_back(limited, carol):
    async with at(limited, "198.51.100.1") as thief:
        for _ in range(5):
            await guess(thief)
        wrong, right = await sign_in(thief, password="a wrong password"), await sign_in(thief)
        assert waits(wrong) == waits(right) == 1
        assert wrong.text == right.text
        assert PASSWORD not in right.text
        fields = look.fields(next(each for each in look.tree(right).iter("form") if each.get("action") == "/sign-in"))
        assert (fields["name"], fields["password"]) == ("carol", "")
        assert not set_cookies(right)


async def test_a_name_that_nobody_has_is_slowed_down_like_one_that_somebody_has(limited, carol):
    seen = {}
    for name in ("carol", "nobody", "carol@example.org", "not a name", "x" * 300, ""):
        async with at(limited, f"198.51.100.{len(seen) + 1}") as thief:
            answers = [await sign_in(thief, name, password="a wrong password") for _ in range(8)]
            seen[name] = [(each.status_code, each.headers.get("retry-after"), look.errors(each)) for each in answers]
    assert [status for status, _, _ in seen["carol"]] == [422] * 5 + [429] * 3
    assert all(each == seen["carol"] for each in seen.values())


async def test_a_thousand_tries_a_minute_are_five_and_the_owner_notices_nothing(limited, carol):
    async with at(limited, "198.51.100.1") as thief, at(limited, "203.0.113.5") as new_phone:
        statuses = Counter([await guess(thief) for _ in range(1_000)])
        assert statuses == {422: 5, 429: 995}
        assert (await sign_in(carol)).status_code == 303
        assert await who(carol) == "carol"
        # Not in the thief's network, a device that nobody knows is not held up either.
        assert (await sign_in(new_phone)).status_code == 303


async def test_who_shares_a_network_with_the_thief_signs_in_on_a_known_device(limited, carol):
    async with at(limited, "192.0.2.1") as thief:
        for number in range(100):
            await guess(thief)
            await guess(thief, f"somebody-{number}")
        assert await guess(thief, password=PASSWORD) == 429
        assert (await sign_in(carol)).status_code == 303


async def test_a_new_device_in_the_thiefs_network_gets_in_by_a_link_in_a_mail(limited, carol):
    async with at(limited, "198.51.100.1") as thief, at(limited, "198.51.100.1") as new_phone:
        for _ in range(20):
            await guess(thief)
        assert await guess(new_phone, password=PASSWORD) == 429
        async with limited.state.database.connection() as connection:
            token = await limited.state.links.make(connection, "new password", await id_of(limited, "carol"))
        answer = await new_phone.post("/reset", data={"token": token, "new_password": "other words than before"})
        assert answer.headers["location"] == "/reset/done"
        assert (await sign_in(new_phone, password="other words than before")).status_code == 303
        assert await guess(thief) == 429


async def test_a_thousand_networks_do_not_lock_the_owner_out(limited, carol):
    thieves = [at(limited, f"10.0.{number // 250}.{number % 250}") for number in range(1_000)]
    statuses = Counter([await guess(thief) for thief in thieves])
    assert statuses == {422: 50, 429: 950}, "past 50 tries, a network that is new to the name waits before its first"
    for _ in range(12):
        await later(limited, 60)
        statuses += Counter([await guess(thief) for thief in thieves[:100]])
    assert (await sign_in(carol)).status_code == 303, "on a device that she signed in with before"
    await carol.post("/sign-out")
    async with at(limited, "203.0.113.5") as new_phone:
        told = waits(await sign_in(new_phone))
        for _ in range(3):
            await later(limited, told / 4)
            for thief in thieves[:100]:
                await guess(thief)
            assert waits(await sign_in(new_phone)) < told, "trying again does not make it longer"
        await later(limited, told / 4 + 1)
        for thief in thieves[:100]:
            await guess(thief)
        assert (await sign_in(new_phone)).status_code == 303, "her turn was nobody else's"


async def test_many_names_from_one_network_share_its_budget(limited):
    async with at(limited, "198.51.100.1") as thief, at(limited, "198.51.100.2") as other:
        statuses = [await guess(thief, f"somebody-{number}") for number in range(40)]
        assert statuses == [422] * 30 + [429] * 10
        told = []
        for number in range(40, 52):
            answer = await sign_in(thief, f"somebody-{number}")
            told.append(waits(answer))
            await later(limited, told[-1])
            assert await guess(thief, f"somebody-{number}") == 422
        assert told[:4] == [1, 2, 4, 8]
        assert max(told) == 60
        assert await guess(other, "somebody-99") == 422


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("unix:", "unix:", True),
        ("not:an:address", "another:one", False),
        ("", "", True),
    ],
)
async def test_who_has_a_network_of_addresses_is_still_one(limited, first, second, same):
    async with at(limited, first) as one, at(limited, second) as other:
        for number in range(30):
            assert await guess(one, f"somebody-{number}") == 422
        assert await guess(other, "somebody-else") == (429 if same else 422)


async def test_a_right_password_forgives_the_wrong_ones_before_it(limited, carol):
    async with at(limited, "203.0.113.5") as phone:
        for _ in range(4):
            assert await guess(phone) == 422
        assert (await sign_in(phone)).status_code == 303
        phone.cookies.clear()
        for _ in range(5):
            assert await guess(phone) == 422
        assert await guess(phone) == 429


async def test_signing_in_to_an_account_of_ones_own_buys_no_guesses(limited, carol):
    async with at(limited, "198.51.100.1") as thief:
        await sign_up(thief, "mallory")
        checked = 0
        for number in range(60):
            thief.cookies.clear()
            checked += await guess(thief, f"somebody-{number}") == 422
            await sign_in(thief, "mallory")
        assert checked <= 30


async def test_a_device_has_a_budget_of_its_own_and_it_ends(limited, carol):
    for _ in range(10):
        assert await guess(carol) == 422
    assert waits(await sign_in(carol)) == 1
    async with at(limited, "192.0.2.1") as other_device:
        assert (await sign_in(other_device)).status_code == 303


async def test_a_device_of_somebody_else_or_a_forged_one_counts_for_nothing(limited, carol):
    async with at(limited, "198.51.100.1") as thief:
        await sign_up(thief, "mallory")
        own, hers = thief.cookies["device"], carol.cookies["device"]
        for _ in range(5):
            assert await guess(thief) == 422
        id_ = await id_of(limited, "carol")
        content, _, signature = own.rpartition(".")
        for forged in (own, f"{content}.{id_}.{signature}", f"{content}.{signature}", f"{hers}x", "", "x" * 5_000):
            thief.cookies.set("device", forged, domain="testserver.local")
            assert await guess(thief) == 429


async def test_on_a_computer_that_is_not_ones_own_nothing_stays_behind(limited, carol):
    async with at(limited, "203.0.113.5") as library:
        answer = await library.post("/sign-in", data={"name": "carol", "password": PASSWORD, "next": "/"})
        assert answer.status_code == 303
        assert not set_cookies(answer, device=True)


async def test_one_browser_can_be_known_to_several_people_and_forgets_the_first_of_many(limited, carol):
    for number in range(8):
        await sign_up(carol, f"child-{number}")
        await carol.post("/sign-out")
    async with at(limited, "192.0.2.1") as thief:
        for number in range(40):
            await guess(thief, f"somebody-{number}")
    assert (await sign_in(carol, "child-0")).status_code == 303
    assert await guess(carol) == 429
    assert len(carol.cookies["device"]) < 250


async def test_of_many_tries_at_once_over_two_replicas_no_more_pass_than_may(config, own_database):
    settings = dataclasses.replace(config, database_url=own_database, rate_limits=True)
    apps = [create_app(settings, with_jobs=False) for _ in range(2)]
    async with apps[0].router.lifespan_context(apps[0]), apps[1].router.lifespan_context(apps[1]):
        for app in apps:
            cheaply(app)
        thieves = [at(apps[number % 2], "198.51.100.1") for number in range(60)]
        # After the next try of this name the wait is 15 minutes, and 1 minute after the next of this network.
        await guess(thieves[0])
        await row(apps[0], "update sign_in_tries set level = 40")
        assert Counter(await asyncio.gather(*[guess(each) for each in thieves])) == {422: 1, 429: 59}
        await row(apps[0], "update sign_in_tries set level = 40, due_at = now()")
        spread = [guess(each, f"somebody-{number}") for number, each in enumerate(thieves)]
        assert Counter(await asyncio.gather(*spread)) == {422: 1, 429: 59}


async def test_what_is_counted_names_nobody_and_goes_after_a_day(limited, carol):
    async with at(limited, "198.51.100.1") as thief:
        await guess(thief)
    found = await row(limited, "select string_agg(encode(key, 'escape'), ' ') from sign_in_tries")
    assert "carol" not in found[0] and "198" not in found[0]
    await later(limited, 86_401)
    async with Client(limited) as stranger:
        await guess(stranger, "nobody")
    async with limited.state.database.connection() as connection:
        assert await signin.forget_sign_ins(connection) >= 3
    assert (await row(limited, "select count(*) from sign_in_tries"))[0] == 3
