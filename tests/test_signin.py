"""Sign in and out: the same answer for every mistake, only paths of our own to go to, and sessions that really end."""

import uuid
from urllib.parse import urljoin, urlsplit

import pytest
from argon2 import PasswordHasher

from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD, set_cookies, sign_in, sign_up, who
from tests.factories import row
from tests.routes import cheaply

WRONG = "Name and password do not match. Check both; capital letters in the name do not matter."


@pytest.fixture
async def carol(app):
    """Joined before, and is signed out."""
    async with Client(app) as client:
        await sign_up(client)
        await client.post("/sign-out")
        yield client


async def test_carol_signs_in_with_the_form_on_the_page_and_goes_back_to_where_she_was(carol):
    there = await carol.get("/threads/new?board=general")
    page = await carol.open(there.headers["location"])
    form = next(each for each in look.tree(page).iter("form") if each.get("action") == "/sign-in")
    answer = await carol.post("/sign-in", data=look.fields(form) | {"name": "carol", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/threads/new?board=general")
    assert await who(carol) == "carol"


async def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(app, carol):
    answers = [
        await sign_in(carol, "carol", password="not her password"),
        await sign_in(carol, "nobody-here", password="not her password"),
        await sign_in(carol, "nobody-here"),
        await sign_in(carol, "carol", password=""),
        await sign_in(carol, "carol", password="x" * 100_000),
        await sign_in(carol, "carol", password=PASSWORD + "x" * 200),
        await sign_in(carol, "", password="not her password"),
        await sign_in(carol, "x" * 300),
        await sign_in(carol, "car\0ol"),
        await sign_in(carol, "car\x07ol"),
    ]
    bodies = set()
    for answer in answers:
        assert answer.status_code == 422
        assert look.errors(answer) == [WRONG]
        assert not set_cookies(answer)
        (name,) = [each for each in look.tree(answer).iter("input") if each.get("name") == "name"]
        bodies.add(answer.text.replace(f'value="{name.get("value")}"', ""))
    assert len(bodies) == 1
    assert await who(carol) == ""


async def test_the_name_comes_back_and_so_does_the_page_to_go_to(carol):
    answer = await sign_in(carol, 'Ca"rol <b>', password="not her password", next="/boards?x=1&y=2")
    fields = look.fields(next(each for each in look.tree(answer).iter("form") if each.get("action") == "/sign-in"))
    assert fields == {"name": 'Ca"rol <b>', "password": "", "next": "/boards?x=1&y=2", "remember": "on"}


async def test_an_account_without_a_password_can_not_be_signed_in_to(alice, stranger):
    for password in ("!", "", "\0"):
        assert (await sign_in(stranger, "alice", password=password)).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "/\0/evil.example",
        "/\x01/evil.example",
        "/\u00a0/evil.example",
        "/\u2028/evil.example",
        "\t//evil.example",
        " //evil.example",
        " /help",
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "HTTPS://evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "evil.example",
        "help",
        "?x",
        "#x",
        "",
        "/evil.example/" + "x" * 2_000,
        "/help\r\nSet-Cookie: a=b",
        "/help\nLocation: //evil.example",
    ],
)
async def test_next_leads_nowhere_but_to_our_own_pages(app, path):
    cheaply(app)
    async with Client(app) as carol:
        await sign_up(carol)
        await leads_nowhere(carol, path)


async def leads_nowhere(carol, path) -> None:
    for url in ("/sign-in", "/sign-up"):
        page = await carol.get(url, params={"next": path})
        assert 'name="next" value="/"' in page.text
        assert "evil.example" not in page.text
    failed = await sign_in(carol, password="not her password", next=path)
    assert 'name="next" value="/"' in failed.text
    answer = await sign_in(carol, next=path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert len(set_cookies(answer)) == 1
    joined = await sign_up(carol, "dave", next=path)
    assert (joined.status_code, joined.headers["location"]) == (303, "/")
    by_htmx = await carol.fragment("POST", "/sign-in", data={"name": "carol", "password": PASSWORD, "next": path})
    assert by_htmx.headers["hx-redirect"] == "/"


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/threads/1?after=2&sort=new#message-3", "/threads/1?after=2&sort=new#message-3"),
        ("/people/%C3%A9lan", "/people/%C3%A9lan"),
        ("/people/élan", "/people/%C3%A9lan"),
        ("/people/Ωmega", "/people/%CE%A9mega"),
        ("/people/象🐘", "/people/%E8%B1%A1%F0%9F%90%98"),
        ("/a b", "/a%20b"),
        ("/100%", "/100%"),
        ('/"<>', "/%22%3C%3E"),
        ("/./..//evil.example", "/./..//evil.example"),
    ],
)
async def test_next_leads_to_any_page_of_ours_however_it_is_written(carol, path, location):
    answer = await sign_in(carol, next=path)
    assert (answer.status_code, answer.headers["location"]) == (303, location)


async def test_signing_in_needs_no_next(carol):
    answer = await carol.post("/sign-in", data={"name": "carol", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_signing_out_ends_the_session_and_clears_the_browser(app, carol):
    await sign_in(carol)
    cookie = carol.cookies["session"]
    answer = await carol.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert [(name, value, "Max-Age=0" in more) for name, value, more in set_cookies(answer)] == [("session", "", True)]
    assert "session" not in carol.cookies
    assert (await row(app, "select count(*) from sessions"))[0] == 0
    async with Client(app, cookie=cookie) as copy:
        assert await who(copy) == ""
        assert (await copy.get("/threads/new")).headers["location"].startswith("/sign-in")


async def test_signing_out_ends_no_other_session(app, carol):
    await sign_in(carol)
    async with Client(app) as phone:
        await sign_in(phone)
        await phone.post("/sign-out")
        assert await who(phone) == ""
    assert await who(carol) == "carol"


async def test_signing_out_twice_or_as_a_stranger_is_no_mistake(stranger):
    for _ in range(2):
        assert (await stranger.post("/sign-out")).status_code == 303


async def test_a_session_that_somebody_planted_ends_when_carol_signs_in(app, join, carol):
    mallory = await join("mallory")
    planted = mallory.cookies["session"]
    carol.cookies.set("session", planted, domain="testserver.local")
    assert await who(carol) == "mallory"
    await sign_in(carol)
    assert await who(carol) == "carol"
    assert carol.cookies["session"] != planted
    async with Client(app, cookie=planted) as old:
        assert await who(old) == ""


async def test_a_session_that_was_due_to_be_prolonged_does_not_come_back_over_the_new_one(app, join, carol):
    mallory = await join("mallory")
    await row(app, "update sessions set touched_at = now() - interval '2 days'")
    carol.cookies.set("session", mallory.cookies["session"], domain="testserver.local")
    answer = await sign_in(carol)
    assert len(set_cookies(answer)) == 1
    assert await who(carol) == "carol"
    await row(app, "update sessions set touched_at = now() - interval '2 days'")
    answer = await carol.post("/sign-out")
    assert len(set_cookies(answer)) == 1
    assert await who(carol) == ""


async def test_who_fails_to_sign_in_stays_who_they_were(alice):
    assert (await sign_in(alice, "nobody-here")).status_code == 422
    assert await who(alice) == "alice"


async def test_a_wrong_password_after_a_right_form_key_is_still_wrong(carol):
    answer = await sign_in(carol, password="not her password", form_key=str(uuid.uuid4()))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/%5cevil.example",
        "/%2f%2fevil.example",
        "/%09/evil.example",
        "/@evil.example",
        "/:@evil.example",
        "/\uff0fevil.example",  # a full-width slash
        "/\u2044evil.example",
        "/..//evil.example",
        "/?next=//evil.example",
        "/#//evil.example",
        "/;//evil.example",
        "/" + "%2f" * 600,
    ],
)
async def test_what_looks_like_another_site_but_is_a_path_of_ours_stays_here(carol, path):
    answer = await sign_in(carol, next=path)
    there = urljoin("http://testserver/sign-in", answer.headers["location"])
    assert (answer.status_code, urlsplit(there).netloc) == (303, "testserver")


async def test_a_verified_address_will_do_for_the_name_and_one_that_waits_will_not(app, carol):
    id_ = (await row(app, "select id from accounts"))[0]
    for verified, address in ((True, "carol@example.org"), (False, "later@example.org")):
        await row(app, "insert into addresses values ($1, $2, $3, $3)", id_, verified, address)
    for typed in ("carol@example.org", " Carol@Example.ORG "):
        assert (await sign_in(carol, typed)).status_code == 303
        assert await who(carol) == "carol"
        await carol.post("/sign-out")
    for typed in ("later@example.org", "nobody@example.org", "@", "carol@", "carol @example.org"):
        answer = await sign_in(carol, typed)
        assert (answer.status_code, look.errors(answer)) == (422, [WRONG])


async def test_a_password_that_was_hashed_weakly_is_hashed_anew_once_it_is_typed(app, carol):
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await row(app, "update accounts set password_hash = $1", weak)
    assert (await sign_in(carol, password="not her password")).status_code == 422
    assert (await row(app, "select password_hash from accounts"))[0] == weak
    assert (await sign_in(carol)).status_code == 303
    stored = (await row(app, "select password_hash from accounts"))[0]
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await sign_in(carol)).status_code == 303
    assert (await row(app, "select password_hash from accounts"))[0] == stored


async def test_whoever_is_named_the_same_work_is_done_and_those_who_are_known_come_first(app, carol):
    app.state.passwords.waiting = 24
    async with Client(app) as stranger:
        for name in ("carol", "nobody-here", "x" * 300, "", "nobody@example.org"):
            answer = await sign_in(stranger, name)
            assert answer.status_code == 503, name
            assert "Very many people are signing in" in look.errors(answer)[0]
            assert "session" not in stranger.cookies
    assert (await sign_in(carol)).status_code == 303
