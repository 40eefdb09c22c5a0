"""Devices that are trusted for a while, keys that rotate, and the way back for who has lost everything."""

import asyncio

import pytest

from board import factors
from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD, set_cookies, sign_in, sign_up, site, who
from tests.factories import row
from tests.routes import cheaply
from tests.steps import STEP, TWO_STEP, code, events, go_half_way, rows, set_up, take
from tests.test_command import board

PAGE = "/admin/people/carol/factors"


@pytest.fixture
async def carol(app):
    """Has a second step, and is signed in."""
    cheaply(app)
    async with Client(app) as client:
        await sign_up(client)
        client.secret, client.codes = await set_up(client)
        yield client


@pytest.fixture
async def ada(app):
    """Runs the board, and has a password."""
    async with Client(app) as client:
        await sign_up(client, "ada")
        await row(app, "update accounts set role = 'admin' where name = 'ada'")
        yield client


async def trust(carol: Client) -> None:
    """Sign in and let this device be trusted."""
    await go_half_way(carol)
    answer = await take(carol, carol.codes.pop(), trust="on")
    assert [
        more >= {"HttpOnly", "SameSite=Lax", "Max-Age=2592000"}
        for name, _, more in set_cookies(answer)
        if name == "trusted"
    ] == [True]


async def is_asked(client: Client, name: str = "carol") -> bool:
    """Whether signing in asks for the second step."""
    await client.post("/sign-out")
    return (await sign_in(client, name)).headers["location"] == STEP


async def test_a_trusted_device_is_asked_for_the_password_alone(app, carol):
    assert await is_asked(carol)
    await trust(carol)
    assert not await is_asked(carol)
    assert await who(carol) == "carol"
    async with Client(app) as other:
        assert await is_asked(other)


async def test_who_does_not_tick_it_is_asked_each_time(carol):
    await go_half_way(carol)
    answer = await take(carol, carol.codes[0])
    assert "trusted" not in [name for name, _, _ in set_cookies(answer)]
    assert await is_asked(carol)


async def test_trust_ends_with_a_new_password_a_new_second_step_or_at_a_word(app, carol):
    await trust(carol)
    assert (await carol.post(f"{TWO_STEP}/distrust")).headers["location"] == TWO_STEP
    assert await is_asked(carol)

    await trust(carol)
    hashed = await app.state.passwords.hash(PASSWORD)
    await row(app, "update accounts set password_hash = $1 where name = 'carol'", hashed)
    assert await is_asked(carol)

    await trust(carol)
    await carol.post(f"{TWO_STEP}/disable", data={"current_password": PASSWORD})
    await set_up(carol)
    assert await is_asked(carol)


async def test_trust_in_a_device_is_for_one_account_and_can_not_be_forged(app, carol):
    await trust(carol)
    cookie = carol.cookies["trusted"]
    async with Client(app) as dave:
        await sign_up(dave, "dave")
        await set_up(dave)
        dave.cookies.set("trusted", cookie, domain="testserver.local")
        assert await is_asked(dave, "dave")
    for forged in ("", "x", cookie[:-3], "9" + cookie, cookie.partition(".")[0]):
        async with Client(app) as thief:
            thief.cookies.set("trusted", forged, domain="testserver.local")
            assert await is_asked(thief)


async def test_trust_is_over_after_thirty_days(app, carol):
    await trust(carol)
    cookie = app.state.trust_cookie
    told = carol.cookies["trusted"].rpartition(".")[0].rpartition(":")[0]
    async with Client(app) as later:
        later.cookies.set("trusted", cookie.sign(f"{told}:1"), domain="testserver.local")
        assert await is_asked(later)
        later.cookies.set("trusted", cookie.sign(f"{told}:{2**40}"), domain="testserver.local")
        assert not await is_asked(later)


async def test_under_a_new_key_codes_still_count_and_are_encrypted_anew(config, database, app, carol):
    keys = [*app.state.config.keys(), "n" * 40]
    before = (await row(app, "select secret from authenticators"))[0]
    async with site(config, database, secret_keys=f"{keys[1]},{keys[0]}") as rotated:
        cheaply(rotated)
        async with Client(rotated) as client:
            await go_half_way(client)
            assert (await take(client, code(carol.secret, 1))).status_code == 303
    assert (await row(app, "select secret from authenticators"))[0] != before
    async with site(config, database, secret_keys=keys[1]) as alone:
        cheaply(alone)
        await row(app, "update authenticators set last_step = 0")
        async with Client(alone) as client:
            await go_half_way(client)
            assert (await take(client, code(carol.secret))).status_code == 303


async def test_when_the_key_is_lost_codes_are_told_to_be_and_backup_codes_count(config, database, carol):
    async with (
        site(config, database, secret_keys="another key of forty characters or so...") as lost,
        Client(lost) as client,
    ):
        cheaply(lost)
        await go_half_way(client)
        (sentence,) = look.errors(await take(client, code(carol.secret, 1)))
        assert sentence.startswith("Codes of the app can not be checked any more.")
        assert (await take(client, carol.codes[0])).status_code == 303


async def test_an_admin_removes_the_factors_of_who_has_lost_them(app, carol, ada):
    page = await ada.open(PAGE)
    assert "an app, 10 backup codes left" in page.text
    wrong = await ada.post(f"{PAGE}/remove", data={"current_password": "not her password"})
    assert (wrong.status_code, len(look.errors(wrong))) == (422, 1)
    assert await is_asked(carol)
    for _ in range(2):
        answer = await ada.post(f"{PAGE}/remove", data={"current_password": PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert "Second step: none" in (await ada.open(PAGE)).text
    assert not await is_asked(carol)
    assert await rows(app, "select * from backup_codes") == []
    assert [each for each in await events(app) if each.startswith("factors")] == ["factors removed"]


async def test_nobody_else_removes_them(app, carol, mod, stranger):
    for client in (carol, mod):
        assert (await client.get(PAGE)).status_code == 403
        answer = await client.post(f"{PAGE}/remove", data={"current_password": PASSWORD})
        assert answer.status_code == 403
        assert look.words(look.tree(answer)).count("Only admins remove a second step.") == 1
    assert (await stranger.get(PAGE)).status_code == 303
    assert len(await rows(app, "select * from backup_codes")) == 10


async def test_who_runs_the_server_lets_the_only_admin_in_again(busy_app, own_database, tmp_path):
    cheaply(busy_app)
    async with Client(busy_app) as carol:
        await sign_up(carol)
        await set_up(carol)
        settings = {"DATABASE_URL": own_database, "DATA_DIR": str(tmp_path)}
        done = await asyncio.to_thread(board, "admin", "reset-factors", "Carol", settings=settings)
        assert done.stdout == "Carol signs in with the password alone.\n", done.stderr
        assert not await is_asked(carol)
        assert (await events(busy_app))[-1] == "factors removed"
        nobody = await asyncio.to_thread(board, "admin", "reset-factors", "nobody", settings=settings)
        assert (nobody.returncode, nobody.stderr) == (1, "board: There is nobody named nobody.\n")


async def test_what_was_begun_and_what_is_over_is_forgotten(app, carol):
    async with Client(app) as dave:
        await sign_up(dave, "dave")
        await dave.post(TWO_STEP, data={"current_password": PASSWORD})
    await row(
        app,
        "update authenticators set created_at = now() - interval '16 minutes', fresh_until = now() - interval '1 s'",
    )
    await row(
        app, "insert into spent_challenges values ('\\x00', now() - interval '1 s'), ('\\x01', now() + interval '1 s')"
    )
    async with app.state.database.connection() as connection:
        assert await factors.forget(connection) == 2
    left = await rows(app, "select enabled_at, fresh_codes from authenticators")
    assert [(each["enabled_at"] is None, each["fresh_codes"]) for each in left] == [(False, None)]
