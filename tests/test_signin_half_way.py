"""What other parts build on: the moment between password and second step, and the password asked once more."""

import asyncio

import pytest
from itsdangerous import Signer
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from board import signin
from board.accounts import find_account
from board.kit import forms
from board.signin import half_way
from tests.conftest import Client
from tests.entrance import PASSWORD, set_cookies, sign_in, sign_up, site, who
from tests.factories import row
from tests.routes import cheaply


async def begin(request):
    async with request.app.state.database.transaction() as connection:
        account = await find_account(connection, "carol")
        return await half_way.begin(request, connection, account, "/boards", [], remember=False)


async def look(request):
    async with request.app.state.database.connection() as connection:
        owed = await half_way.look(request, connection)
    return PlainTextResponse(owed["name"] if owed else "nobody")


async def attempt(request):
    async with request.app.state.database.connection() as connection:
        owed = await half_way.attempt(request, connection)
    return PlainTextResponse(str(owed["codes_tried"]) if owed else "no more")


async def use(request):
    async with request.app.state.database.transaction() as connection:
        owed = await half_way.use(request, connection)
        if owed is None:
            return PlainTextResponse("too late", 403)
        return await signin.finish(request, connection, owed, owed["next_page"], remember=owed["remember"])


async def confirm(request):
    async with forms.read(request) as form:
        pass
    answer = "yes" if await signin.confirmed(request, form) else form.errors["current_password"]
    return PlainTextResponse(answer)


ROUTES = [
    Route("/test/begin", begin, methods=["POST"]),
    Route("/test/look", look),
    Route("/test/attempt", attempt, methods=["POST"]),
    Route("/test/use", use, methods=["POST"]),
    Route("/test/confirm", confirm, methods=["POST"]),
]


@pytest.fixture
async def app(config, database):
    """The site with pages that do nothing but call what is tested."""
    async with site(config, database, rate_limits=True) as app:
        cheaply(app)
        app.router.routes[:0] = ROUTES
        yield app


@pytest.fixture
async def carol(app):
    """Has shown her password, and owes the second step."""
    async with Client(app) as client:
        await sign_up(client)
        await client.post("/sign-out")
        answer = await client.post("/test/begin")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/second-step")
        ((name, _, attributes),) = set_cookies(answer)
        assert (name, attributes) == ("second-step", {"Path=/", "Max-Age=600", "HttpOnly", "SameSite=Lax"})
        yield client


async def looks(client) -> str:
    return (await client.get("/test/look")).text


async def test_half_way_one_is_nobody_yet_and_the_second_step_leads_on(carol):
    assert (await looks(carol), await who(carol)) == ("carol", "")
    answer = await carol.post("/test/use")
    assert (answer.status_code, answer.headers["location"]) == (303, "/boards")
    assert await who(carol) == "carol"
    assert "second-step" not in carol.cookies
    session = next(attributes for name, _, attributes in set_cookies(answer) if name == "session")
    assert not any(each.startswith("Max-Age") for each in session), "she did not want to be remembered"


async def test_it_is_used_once_even_by_several_at_once(busy_app):
    busy_app.router.routes[:0] = ROUTES
    async with Client(busy_app) as carol:
        await sign_up(carol)
        await carol.post("/test/begin")
        cookie = {"Cookie": f"second-step={carol.cookies['second-step']}"}
        answers = await asyncio.gather(*[Client(busy_app).post("/test/use", headers=cookie) for _ in range(5)])
    assert sorted(answer.status_code for answer in answers) == [303, 403, 403, 403, 403]


@pytest.mark.parametrize(
    "change",
    [
        "update half_sign_ins set expires_at = now()",
        "update accounts set password_hash = 'another'",
        "delete from accounts",
    ],
)
async def test_it_ends_after_ten_minutes_with_another_password_and_with_the_account(app, carol, change):
    minutes = await row(app, "select extract(epoch from expires_at - now()) / 60 from half_sign_ins")
    assert minutes[0] == 10
    await row(app, change)
    assert await looks(carol) == "nobody"
    assert (await carol.post("/test/attempt")).text == "no more"
    assert (await carol.post("/test/use")).status_code == 403


async def test_five_codes_may_be_tried(carol):
    tried = [(await carol.post("/test/attempt")).text for _ in range(7)]
    assert tried == ["1", "2", "3", "4", "5", "no more", "no more"]


async def test_a_cookie_that_was_tampered_with_or_is_for_something_else_counts_for_nothing(app, config, carol):
    token, _, signature = carol.cookies["second-step"].rpartition(".")
    await sign_in(carol)
    session = carol.cookies["session"]
    for forged in (
        token,
        f"{token}.",
        f"{token[::-1]}.{signature}",
        session,
        Signer("x" * 32, salt="board.second-step", key_derivation="hmac").sign(token).decode(),
        Signer(config.keys(), salt="board.session", key_derivation="hmac").sign(token).decode(),
    ):
        async with Client(app) as thief:
            thief.cookies.set("second-step", forged, domain="testserver.local")
            assert await looks(thief) == "nobody"
            assert (await thief.post("/test/use")).status_code == 403
            assert await who(thief, headers={"Cookie": f"session={carol.cookies.get('second-step', token)}"}) == ""


async def test_a_wrong_password_says_so_and_a_right_one_is_taken(carol):
    await sign_in(carol)
    assert (await carol.post("/test/confirm", data={"current_password": PASSWORD})).text == "yes"
    for wrong in ("", "a wrong password", PASSWORD + " ", "x" * 100_000):
        answer = await carol.post("/test/confirm", data={"current_password": wrong})
        assert answer.text == "This is not your password. Type the one that you sign in with now."
    assert (await carol.post("/test/confirm", data={})).status_code == 400


async def test_who_took_over_a_session_can_not_guess_the_password_nor_hinder_its_owner(app, carol):
    await sign_in(carol)
    async with Client(app) as thief:
        thief.cookies = carol.cookies
        for _ in range(10):
            answer = await thief.post("/test/confirm", data={"current_password": "a wrong password"})
            assert answer.text.startswith("This is not")
        for guess in ("a wrong password", PASSWORD):
            answer = await thief.post("/test/confirm", data={"current_password": guess})
            assert answer.text == "That was tried too often. Wait 1 second, then try again."
    async with Client(app) as phone:
        await sign_in(phone)
        assert (await phone.post("/test/confirm", data={"current_password": PASSWORD})).text == "yes"


async def test_nothing_of_it_outlives_its_time(app, carol):
    await row(app, "update half_sign_ins set expires_at = now() - interval '1 second'")
    async with app.state.database.connection() as connection:
        await signin.forget_sign_ins(connection)
    assert (await row(app, "select count(*) from half_sign_ins"))[0] == 0
