"""Sign in with a second step: each code counts once, guessing takes for ever, and nobody is locked out by others."""

import asyncio

import pytest
from starlette.applications import Starlette

from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD, set_cookies, sign_in, sign_up, who
from tests.factories import row
from tests.routes import cheaply
from tests.steps import STEP, TWO_STEP, code, events, go_half_way, rows, set_up, take

OVER = "That took too long, or was tried too often. Sign in with your name and password again."
WRONG = "This code is not right. Type the one that the app shows now."
NO_CODE = "This is neither a code of the app, which has 6 digits, nor a backup code that was not used yet."


class Carol(Client):
    """Somebody with a second step, signed out."""

    secret: str
    codes: list[str]


async def make(app: Starlette) -> Carol:
    cheaply(app)
    carol = Carol(app)
    await sign_up(carol)
    carol.secret, carol.codes = await set_up(carol)
    await carol.post("/sign-out")
    return carol


@pytest.fixture
async def carol(app):
    """She has set up her app a moment ago."""
    client = await make(app)
    yield client
    await client.aclose()


async def test_carol_signs_in_with_the_form_on_the_page_and_goes_on_to_where_she_was(app, carol):
    await go_half_way(carol, next="/boards")
    assert await who(carol) == ""
    page = await carol.open(STEP)
    (form,) = [each for each in look.tree(page).iter("form") if each.get("action") == STEP]
    answer = await carol.post(STEP, data=look.fields(form) | {"code": code(carol.secret, 1)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/boards")
    assert await who(carol) == "carol"
    assert await rows(app, "select * from half_sign_ins") == []


@pytest.mark.parametrize("remember", ["on", None])
async def test_who_is_not_to_be_remembered_is_not(app, carol, remember):
    await carol.post(
        "/sign-in", data={"name": "carol", "password": PASSWORD} | ({"remember": "on"} if remember else {})
    )
    answer = await take(carol, code(carol.secret, 1))
    (session,) = [more for name, content, more in set_cookies(answer) if name == "session"]
    assert any(each.startswith("Max-Age") for each in session) == bool(remember)


async def test_a_code_counts_once(app, carol):
    now = code(carol.secret, 1)
    await go_half_way(carol)
    assert (await take(carol, now)).status_code == 303
    await go_half_way(carol)
    answer = await take(carol, now)
    assert look.errors(answer) == ["This code was used before. Wait until the app shows the next one."]
    assert await who(carol) == ""


async def test_the_code_that_set_it_up_counts_no_more(app, carol):
    await go_half_way(carol)
    await row(app, "update authenticators set last_step = last_step + 5")
    assert (await take(carol, code(carol.secret, 1))).status_code == 422


async def test_of_two_at_the_same_time_one_gets_in(busy_app):
    carol = await make(busy_app)
    other = Client(busy_app)
    for client in (carol, other):
        await go_half_way(client)
    now = code(carol.secret, 1)
    answers = await asyncio.gather(*(take(client, now) for client in (carol, other)))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    for client in (carol, other):
        await go_half_way(client)
    answers = await asyncio.gather(*(take(client, carol.codes[0]) for client in (carol, other)))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert len(await rows(busy_app, "select * from backup_codes")) == 9
    await carol.aclose()
    await other.aclose()


async def test_a_wrong_code_keeps_what_the_password_opened(carol):
    await go_half_way(carol, next="/boards")
    for typed in ("000000", "12345", "abc"):
        answer = await take(carol, typed, trust="on")
        assert answer.status_code == 422
        assert look.errors(answer) == [WRONG if typed == "000000" else NO_CODE]
        assert f'value="{typed}"' in answer.text
        assert 'name="trust" checked' in answer.text
    assert (await take(carol, code(carol.secret, 1))).headers["location"] == "/boards"


async def test_after_five_tries_the_password_is_asked_for_again(carol):
    await go_half_way(carol)
    for _ in range(5):
        assert (await take(carol, "no code")).status_code == 422
    answer = await take(carol, code(carol.secret, 1))
    assert look.errors(answer) == [OVER]
    assert await who(carol) == ""


async def test_too_late_leads_back_with_a_sentence(app, carol):
    await go_half_way(carol)
    await row(app, "update half_sign_ins set expires_at = now()")
    page, sent = await carol.get(STEP), await take(carol, code(carol.secret, 1))
    assert (page.status_code, sent.status_code) == (200, 403)
    for answer in (page, sent):
        assert look.errors(answer) == [OVER]
        assert 'action="/sign-in"' in answer.text


@pytest.mark.parametrize("cookie", [None, "", "x", "x.y", "1.AAAA"])
async def test_without_the_password_there_is_no_second_step(app, carol, cookie):
    async with Client(app) as mallory:
        if cookie is not None:
            mallory.cookies.set("second-step", cookie, domain="testserver.local")
        for answer in (await mallory.get(STEP), await take(mallory, code(carol.secret, 1))):
            assert look.errors(answer) == [OVER]
        assert await who(mallory) == ""


async def test_the_second_step_of_one_account_is_none_of_another(app, carol):
    async with Client(app) as mallory:
        await sign_up(mallory, "mallory")
        secret, codes = await set_up(mallory)
        await go_half_way(carol)
        assert (await take(carol, code(secret, 1))).status_code == 422
        assert (await take(carol, codes[0])).status_code == 422


async def test_a_secret_that_is_copied_to_another_account_opens_nothing(app, carol):
    async with Client(app) as mallory:
        await sign_up(mallory, "mallory")
        secret, _ = await set_up(mallory)
        await row(
            app,
            "update authenticators set secret = (select secret from authenticators order by account_id desc limit 1)",
        )
        await go_half_way(carol)
        assert "can not be checked any more" in look.errors(await take(carol, code(secret, 1)))[0]


async def test_sent_twice_it_signs_in_once(app, carol):
    await go_half_way(carol)
    now = code(carol.secret, 1)
    half = carol.cookies["second-step"]
    assert (await take(carol, now)).status_code == 303
    carol.cookies.set("second-step", half, domain="testserver.local")
    again = await take(carol, now)
    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert await who(carol) == "carol"
    assert (await row(app, "select count(*) from sessions"))[0] == 1


async def test_a_backup_code_counts_once_however_it_is_written(app, carol):
    typed = carol.codes[0].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    await go_half_way(carol)
    assert (await take(carol, typed)).status_code == 303
    assert await who(carol) == "carol"
    await go_half_way(carol)
    assert look.errors(await take(carol, carol.codes[0])) == [NO_CODE]
    assert (await row(app, "select details->>'left' from account_events where kind = 'backup code used'"))[0] == "9"


async def test_guessing_gets_slower_and_slower_and_is_told(app, carol):
    for tried in range(1, 12):
        await go_half_way(carol)
        answer = await take(carol, "000000")
        assert look.errors(answer) == [WRONG]
        if tried >= 5:
            answer = await take(carol, code(carol.secret, 1))
            minutes = min(60, 2 ** (tried - 6))
            told = f"{30 * 2 ** (tried - 5)} seconds" if tried < 7 else f"{minutes} minutes"
            assert look.errors(answer) == [f"Too many wrong codes. Wait {told}, or use a backup code or a passkey."]
        await row(app, "update authenticators set open_at = now() - interval '1 second'")
    assert await events(app) == ["second step on", "codes tried"]
    await go_half_way(carol)
    assert (await take(carol, code(carol.secret, 1))).status_code == 303
    assert (await row(app, "select tries from authenticators"))[0] == 0


async def test_a_day_of_rest_forgets_wrong_codes(app, carol):
    await row(app, "update authenticators set tries = 20, open_at = now() - interval '25 hours'")
    await go_half_way(carol)
    assert look.errors(await take(carol, "000000")) == [WRONG]
    assert look.errors(await take(carol, "000000")) == [WRONG]
    assert (await row(app, "select tries from authenticators"))[0] == 2


async def test_who_guesses_can_not_keep_carol_out(app, carol):
    await row(app, "update authenticators set tries = 20, open_at = now() + interval '1 hour'")
    await go_half_way(carol)
    assert (await take(carol, carol.codes[0])).status_code == 303
    assert await who(carol) == "carol"


async def test_a_hundred_guesses_at_once_are_five(busy_app):
    carol = await make(busy_app)
    clients = [Client(busy_app) for _ in range(20)]
    for client in clients:
        await go_half_way(client)
    answers = await asyncio.gather(*(take(client, "000000") for client in clients for _ in range(5)))
    told = [look.errors(answer)[0] for answer in answers]
    assert told.count(WRONG) == 5
    assert sum(each.startswith("Too many wrong codes.") for each in told) == 95
    for client in (carol, *clients):
        await client.aclose()


async def test_a_new_password_ends_what_the_old_one_opened(app, carol):
    await go_half_way(carol)
    await row(app, "update accounts set password_hash = 'another'")
    assert look.errors(await take(carol, code(carol.secret, 1))) == [OVER]
    assert await who(carol) == ""


async def test_the_overview_is_for_who_is_signed_in(stranger):
    for path in (TWO_STEP, f"{TWO_STEP}/set-up", f"{TWO_STEP}/codes", f"{TWO_STEP}/codes.txt", "/account/passkeys"):
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in?next=/account/")
    assert (await sign_in(stranger)).status_code == 422
