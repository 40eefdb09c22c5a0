"""The session cookie: what it is worth, how long, and what becomes of one that somebody worked on."""

import base64
import re

import pytest
from itsdangerous import Signer

from tests.conftest import Client
from tests.entrance import set_cookies, sign_in, sign_up, site, who
from tests.factories import row

SECURE = "https://testserver"
OLD, NEW, FOREIGN = "o" * 32, "n" * 32, "f" * 32


async def test_over_http_the_cookie_is_as_safe_as_http_allows(stranger):
    ((name, value, attributes),) = set_cookies(await sign_up(stranger))
    assert name == "session"
    assert re.fullmatch(r"[\w-]{32}\.[\w-]{27}", value)
    assert attributes == {"Path=/", "Max-Age=2592000", "HttpOnly", "SameSite=Lax"}


async def test_over_https_the_cookie_is_bound_to_https_and_the_host(config, database):
    async with site(config, database, public_origin=SECURE) as app, Client(app) as carol:
        carol.base_url, carol.headers["Origin"] = SECURE, SECURE
        ((name, _, attributes),) = set_cookies(await sign_up(carol))
        assert name == "__Host-session"
        assert attributes == {"Path=/", "Max-Age=2592000", "HttpOnly", "SameSite=Lax", "Secure"}
        assert await who(carol) == "carol"
        answer = await carol.post("/sign-out")
        assert set_cookies(answer) == [("__Host-session", "", attributes - {"Max-Age=2592000"} | {"Max-Age=0"})]
        assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


async def test_over_https_a_cookie_without_the_prefix_counts_for_nothing(config, database):
    async with site(config, database, public_origin=SECURE) as app, Client(app) as carol:
        carol.base_url, carol.headers["Origin"] = SECURE, SECURE
        await sign_up(carol)
        value = carol.cookies["__Host-session"]
        carol.cookies.clear()
        assert await who(carol, headers={"Cookie": f"session={value}"}) == ""
        assert await who(carol, headers={"Cookie": f"__Host-session={value}"}) == "carol"


async def test_the_database_does_not_hold_what_a_cookie_says(app, alice):
    token = alice.cookies["session"].partition(".")[0]
    stored = (await row(app, "select token_hash from sessions"))[0]
    assert len(stored) == 32
    assert token.encode() not in stored
    assert base64.urlsafe_b64decode(token) not in stored


async def test_two_sessions_of_one_person_have_nothing_in_common(alice, stranger):
    await sign_up(stranger)
    first = stranger.cookies["session"]
    await sign_in(stranger)
    assert not set(first.split(".")) & set(stranger.cookies["session"].split("."))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cookie: "",
        lambda cookie: ".",
        lambda cookie: cookie.partition(".")[0],
        lambda cookie: cookie.partition(".")[0] + ".",
        lambda cookie: "." + cookie.partition(".")[2],
        lambda cookie: cookie[:-1],
        lambda cookie: cookie[:-5],
        lambda cookie: cookie[1:],
        lambda cookie: cookie + "A",
        lambda cookie: cookie + ".A",
        lambda cookie: ("B" if cookie[0] == "A" else "A") + cookie[1:],
        lambda cookie: cookie.swapcase(),
        lambda cookie: cookie.replace(".", ""),
        lambda cookie: cookie.replace(".", ".."),
        lambda cookie: Signer(FOREIGN, salt="board.session", key_derivation="hmac").sign(cookie.split(".")[0]).decode(),
        lambda cookie: "\xff" + cookie,
        lambda cookie: "A" * 100_000,
        lambda cookie: "." * 10_000,
        lambda cookie: "'; drop table sessions; --",
    ],
)
async def test_a_cookie_that_was_tampered_with_is_no_cookie(app, alice, spoil):
    cookie = f"session={spoil(alice.cookies['session'])}".encode("latin-1")
    async with Client(app) as mallory:
        assert await who(mallory, headers={b"Cookie": cookie}) == ""
        answer = await mallory.post(
            "/threads/1/delete", headers={b"Cookie": cookie, b"Origin": b"http://testserver", b"Referer": b"http://["}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")


async def test_a_signature_for_another_purpose_opens_nothing(app, config, alice):
    token = alice.cookies["session"].partition(".")[0]
    for salt in ("board.other", "", "itsdangerous.Signer"):
        forged = Signer(config.keys(), salt=salt, key_derivation="hmac").sign(token).decode()
        async with Client(app, cookie=forged) as mallory:
            assert await who(mallory) == ""
    good = Signer(config.keys(), salt="board.session", key_derivation="hmac").sign(token).decode()
    async with Client(app, cookie=good) as same:
        assert await who(same) == "alice"


async def test_when_the_keys_are_rotated_the_older_one_still_counts_and_the_newest_signs(config, database):
    async with site(config, database, secret_keys=OLD) as app, Client(app) as carol:
        await sign_up(carol)
        before = carol.cookies["session"]
    async with site(config, database, secret_keys=f"{NEW}, {OLD}") as app, Client(app, cookie=before) as carol:
        assert await who(carol) == "carol"
        await sign_in(carol)
        after = carol.cookies["session"]
        assert await who(carol) == "carol"
    async with (
        site(config, database, secret_keys=NEW) as app,
        Client(app, cookie=before) as old,
        Client(app, cookie=after) as new,
    ):
        assert (await who(old), await who(new)) == ("", "carol")
    async with site(config, database, secret_keys=OLD) as app, Client(app, cookie=after) as new:
        assert await who(new) == ""


async def test_at_its_next_request_a_session_moves_to_the_newest_key_before_the_older_one_goes(config, database):
    async with site(config, database, secret_keys=OLD) as app, Client(app) as carol:
        await sign_up(carol)
        cookie = carol.cookies["session"]
    async with site(config, database, secret_keys=f"{NEW},{OLD}") as app, Client(app, cookie=cookie) as carol:
        ((_, moved, attributes),) = set_cookies(await carol.open("/help"))
        assert "Max-Age=2592000" in attributes
        assert not set_cookies(await carol.open("/help"))
    async with site(config, database, secret_keys=NEW) as app, Client(app, cookie=moved) as carol:
        assert await who(carol) == "carol"


async def test_a_known_device_stays_known_while_its_key_is_there(config, database):
    told = "select count(*) from account_events where kind = 'new device'"
    async with site(config, database, secret_keys=OLD) as app, Client(app) as carol:
        await sign_up(carol)
        before = carol.cookies["device"]
    for keys, events in ((f"{NEW},{OLD}", 0), (NEW, 1)):
        async with site(config, database, secret_keys=keys) as app, Client(app) as carol:
            carol.cookies.set("device", before, domain="testserver.local")
            await sign_in(carol)
            assert (await row(app, told))[0] == events


async def test_a_session_that_is_over_is_no_session(app, alice):
    await row(app, "update sessions set expires_at = now() + interval '1 minute'")
    assert await who(alice) == "alice"
    await row(app, "update sessions set expires_at = now()")
    assert await who(alice) == ""
    assert not set_cookies(await alice.open("/help"))
    assert (await alice.get("/threads/new")).headers["location"] == "/sign-in?next=/threads/new"


async def test_a_session_in_use_is_prolonged_once_a_day(app, alice):
    assert not set_cookies(await alice.open("/help"))
    await row(app, "update sessions set touched_at = now() - interval '25 hours', expires_at = now() + interval '1 h'")
    ((name, value, attributes),) = set_cookies(await alice.open("/help"))
    assert (name, value) == ("session", alice.cookies["session"])
    assert "Max-Age=2592000" in attributes
    left = await row(app, "select expires_at - now() > interval '29 days' from sessions")
    assert left[0]
    assert not set_cookies(await alice.open("/help"))


async def test_a_stranger_gets_no_cookie(stranger):
    for path in ("/", "/help", "/sign-in", "/nothing", "/static/nothing"):
        assert not set_cookies(await stranger.get(path))


@pytest.mark.parametrize(
    "others",
    [
        'preferences={"theme": "dark", "size": 2}',
        "a b=c",
        "odd",
        "=",
        "é=ü",
        "$Version=1; $Path=/",
        "session=planted",
        "session=",
        "xsession=1",
        "a=" + "x" * 5_000,
        'quoted="a; b"',
        "; ;",
    ],
)
async def test_cookies_of_other_programs_on_the_host_sign_nobody_out(app, alice, others):
    good = f"session={alice.cookies['session']}"
    async with Client(app) as browser:
        for header in (f"{others}; {good}", f"{good}; {others}", f"{others};{good}"):
            assert await who(browser, headers={b"Cookie": header.encode("latin-1")}) == "alice", header
        two = [(b"Cookie", others.encode("latin-1")), (b"Cookie", good.encode())]
        assert await who(browser, headers=two) == "alice"


async def test_when_the_account_is_gone_so_is_the_session(app, alice):
    await row(app, "delete from accounts")
    assert await who(alice) == ""


async def test_a_new_role_counts_at_once(app, alice, thread):
    assert (await alice.post(f"{thread.path}/lock")).status_code == 403
    await row(app, "update accounts set role = 'moderator'")
    assert (await alice.post(f"{thread.path}/lock")).status_code == 303


@pytest.mark.parametrize(
    ("headers", "target"),
    [
        ({"Referer": "http://testserver/threads/5?after=7#message-8"}, "/threads/5%3Fafter%3D7"),
        ({"HX-Current-URL": "http://testserver/boards/general", "Referer": "http://testserver/"}, "/boards/general"),
        ({"Referer": "http://evil.example//evil.example/x"}, "/"),
        ({"Referer": "http://["}, "/"),
        ({"Referer": "http://testserver"}, "/"),
        ({"Referer": "\\\\evil.example"}, "/"),
        ({"Referer": "javascript:alert(1)"}, "/"),
        ({}, "/"),
    ],
)
async def test_a_stranger_who_sends_a_form_comes_back_to_the_page_it_stood_on(stranger, headers, target):
    answer = await stranger.post("/threads/1/delete", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={target}")
