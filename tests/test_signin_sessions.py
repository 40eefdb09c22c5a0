"""Where somebody is signed in: the list, and the ways to end one, the others, or all."""

import dataclasses

import pytest

from board.app import create_app
from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD, at, set_cookies, sign_in, sign_up, site, who
from tests.factories import row

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
LAPTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 "
    "Edg/139.0.0.0"
)
PATH = "/account/sessions"


@pytest.fixture
async def phone(app):
    """Carol joined on it and is signed in."""
    async with at(app, "203.0.113.77") as client:
        client.headers["User-Agent"] = PHONE
        await sign_up(client)
        yield client


@pytest.fixture
async def laptop(app, phone):
    """Carol is signed in here too, but not remembered."""
    async with at(app, "2001:db8:1:2::3") as client:
        client.headers["User-Agent"] = LAPTOP
        await client.post("/sign-in", data={"name": "carol", "password": PASSWORD, "next": "/"})
        yield client


def listed(page) -> list[str]:
    """What the list says of each session."""
    (items,) = look.with_class(look.tree(page), "sessions")
    return [look.words(each) for each in items]


def ends(page) -> dict[str, str]:
    """The address of each button that ends one session, by the device."""
    (items,) = look.with_class(look.tree(page), "sessions")
    return {(next(item.iter("h2")).text or "").strip(): next(item.iter("form")).get("action") for item in items}


async def test_the_list_tells_devices_apart_and_marks_this_one(phone, laptop):
    page = await phone.open(PATH)
    first, second = sorted(listed(page))
    assert first.startswith("Edge on Windows used now from 2001:db8:* · since now · ends with the browser")
    assert second.startswith("Firefox on Android this one used now from 203.0.*.* · since now Sign out here")
    assert sum("this one" in each for each in listed(await laptop.open(PATH))) == 1


async def test_nothing_finer_than_that_is_kept(app, phone, laptop):
    kept = await row(app, "select string_agg(s::text, ' ') from sessions s")
    for fine in ("203.0.113", "Mozilla", "140", "Win64", "2001:db8:1"):
        assert fine not in kept[0]
        assert fine not in (await phone.open(PATH)).text


async def test_one_session_is_ended_and_the_others_stay(phone, laptop):
    buttons = ends(await phone.open(PATH))
    answer = await phone.post(buttons["Edge on Windows"])
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    assert (await who(phone), await who(laptop)) == ("carol", "")
    assert len(listed(await phone.open(PATH))) == 1
    again = await phone.post(buttons["Edge on Windows"])
    assert again.status_code == 303, "ended twice is ended"


async def test_ending_this_session_is_signing_out(phone, laptop):
    answer = await phone.post(ends(await phone.open(PATH))["Firefox on Android"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert (await who(phone), await who(laptop)) == ("", "carol")


@pytest.mark.parametrize(("which", "left"), [("others", "carol"), ("all", "")])
async def test_all_others_or_all_are_ended_at_once(phone, laptop, which, left):
    answer = await phone.post(f"{PATH}/end", data={"which": which})
    assert answer.status_code == 303
    assert (await who(phone), await who(laptop)) == (left, "")


async def test_with_one_session_there_are_no_others_to_end(phone, app):
    assert "everywhere else" not in (await phone.open(PATH)).text
    async with Client(app) as second:
        await sign_in(second)
        assert "everywhere else" in (await second.open(PATH)).text


async def test_nobody_ends_a_session_of_somebody_else(alice, phone):
    buttons = ends(await phone.open(PATH))
    for client, status in ((alice, 303), (Client(alice.app), 303)):
        assert (await client.post(buttons["Firefox on Android"])).status_code == status
    await alice.post(f"{PATH}/end", data={"which": "all"})
    assert await who(phone) == "carol"
    assert await who(alice) == ""


async def test_a_stranger_is_asked_to_sign_in_and_odd_wishes_are_refused(stranger, phone):
    for path in (PATH, f"{PATH}/end", f"{PATH}/1/end"):
        method = "GET" if path == PATH else "POST"
        assert (await stranger.request(method, path)).headers["location"].startswith("/sign-in?next=")
    for fields in ({}, {"which": "mine"}, {"which": ""}):
        assert (await phone.post(f"{PATH}/end", data=fields)).status_code == 400
    assert (await phone.post(f"{PATH}/{'9' * 19}/end")).status_code == 404
    assert await who(phone) == "carol"


async def test_a_session_that_is_over_is_not_listed_and_then_forgotten(app, phone, laptop):
    await row(app, "update sessions set expires_at = now() where not remembered")
    assert len(listed(await phone.open(PATH))) == 1


async def test_last_use_is_written_once_an_hour_with_the_network_of_then(app, phone):
    before = await row(app, "update sessions set touched_at = now() - interval '59 minutes' returning touched_at")
    await phone.open("/")
    assert await row(app, "select touched_at from sessions") == before
    await row(app, "update sessions set touched_at = now() - interval '61 minutes'")
    async with at(app, "198.51.100.9") as moved:
        moved.cookies = phone.cookies
        await moved.open("/")
        (told,) = listed(await moved.open(PATH))
    assert "used now from 198.51.*.*" in told


async def test_not_remembered_it_ends_with_the_browser_and_after_12_hours_and_after_a_day(app, phone):
    async with Client(app) as library:
        answer = await library.post("/sign-in", data={"name": "carol", "password": PASSWORD, "next": "/"})
        ((_, _, attributes),) = set_cookies(answer)
        assert attributes == {"Path=/", "HttpOnly", "SameSite=Lax"}
        left = "select extract(epoch from expires_at - now())::int from sessions where not remembered"
        assert (await row(app, left))[0] == 12 * 3600
        age = "update sessions set touched_at = now() - interval '2 h', created_at = now() - interval '20 h'"
        await row(app, age)
        ((_, _, attributes),) = set_cookies(await library.open("/help"))
        assert attributes == {"Path=/", "HttpOnly", "SameSite=Lax"}
        assert (await row(app, left))[0] == 4 * 3600
        await row(app, "update sessions set touched_at = now() - interval '2 h', created_at = now() - interval '25 h'")
        await library.get("/help")
        assert await who(library) == ""


async def test_a_session_ends_after_a_year_however_much_it_is_used(app, phone):
    await row(app, "update sessions set touched_at = now() - interval '2 h', created_at = now() - interval '360 days'")
    ((_, _, attributes),) = set_cookies(await phone.open("/help"))
    assert f"Max-Age={5 * 86_400}" in attributes
    await row(app, "update sessions set touched_at = now() - interval '2 h', created_at = now() - interval '366 days'")
    await phone.get("/help")
    assert await who(phone) == ""


async def test_when_session_days_are_more_than_a_year_they_count(config, database):
    async with site(config, database, session_days=1_000) as app, Client(app) as client:
        await sign_up(client)
        age = "update sessions set touched_at = now() - interval '2 h', created_at = now() - interval '500 days'"
        await row(app, age)
        ((_, _, attributes),) = set_cookies(await client.open("/help"))
        assert f"Max-Age={500 * 86_400}" in attributes


async def test_a_suspended_person_is_out_at_once_and_told_why_at_the_door(app, phone):
    await row(app, "update accounts set suspended_until = now() + interval '1 day', suspended_reason = 'Spam <b>.'")
    assert await who(phone) == ""
    answer = await sign_in(phone)
    assert answer.status_code == 403
    assert "suspended until" in answer.text and "Spam &lt;b&gt;." in answer.text
    assert (await sign_in(phone, password="not her password")).status_code == 422
    await row(app, "update accounts set suspended_until = 'infinity'")
    assert "for good" in (await sign_in(phone)).text
    await row(app, "update accounts set suspended_until = now()")
    assert (await sign_in(phone)).status_code == 303


async def test_a_new_device_is_told_of_but_not_at_joining_nor_on_a_known_one(app, phone):
    told = "select count(*) from account_events where kind = 'new device'"
    assert (await row(app, told))[0] == 0
    await phone.post("/sign-out")
    await sign_in(phone)
    assert (await row(app, told))[0] == 0
    async with Client(app) as laptop:
        await sign_in(laptop)
        assert (await row(app, told))[0] == 1
        await sign_in(laptop)
        assert (await row(app, told))[0] == 1


async def test_on_every_replica_sessions_begin_and_end_at_once(config, own_database):
    settings = dataclasses.replace(config, database_url=own_database)
    here, there = (create_app(settings, with_jobs=False) for _ in range(2))
    async with here.router.lifespan_context(here), there.router.lifespan_context(there), Client(here) as carol:
        await sign_up(carol)
        cookie = carol.cookies["session"]
        async with Client(there, cookie=cookie) as same, Client(there) as phone:
            await sign_in(phone)
            assert (await who(same), await who(phone)) == ("carol", "carol")
            assert len(listed(await same.open(PATH))) == 2
            await same.post("/sign-out")
            assert (await who(carol), await who(phone)) == ("", "carol")
            carol.cookies.set("session", cookie, domain="testserver.local")
            assert await who(carol) == "", "a copy of the cookie is worth nothing after signing out"
            await sign_in(carol)
            new = {"current_password": PASSWORD, "new_password": "gravel lantern otter quilt"}
            assert (await carol.post("/account/password", data=new)).status_code == 303
            assert (await who(carol), await who(phone)) == ("carol", "")
