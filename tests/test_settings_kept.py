"""Where settings are kept: the account, or a cookie that says nothing else, and the pages that strangers share."""

import pytest

from board.kit import db
from board.settings import OPTIONS, Settings
from tests.conftest import Client
from tests.entrance import set_cookies, sign_in, sign_up, site
from tests.factories import make_thread, row
from tests.test_settings import DEFAULTS, choose, chosen, somebody  # fixture  # noqa: F401


async def test_settings_go_along_when_somebody_joins(app, stranger):
    await choose(stranger, theme="dark", pictures="small")
    await sign_up(stranger)
    assert (await row(app, "select settings from accounts where name = 'carol'"))[0] == "theme:dark/pictures:small"
    # On another device too.
    async with Client(app) as phone:
        await sign_in(phone)
        assert (await chosen(phone))["theme"] == "dark"


async def test_an_account_that_has_settings_keeps_them(app, stranger):
    await sign_up(stranger)
    await choose(stranger, theme="light")
    async with Client(app) as device:
        await choose(device, theme="dark")
        await sign_in(device)
        assert (await chosen(device))["theme"] == "light"
        await device.post("/sign-out")
        assert (await chosen(device))["theme"] == "dark", "the browser's own"


async def test_the_cookie_is_small_says_nothing_else_and_no_page_can_read_it(config, database, stranger):
    answer = await choose(stranger, theme="dark", front="hot", thread="best", scores="never", pictures="tapped")
    ((name, text, attributes),) = set_cookies(answer)
    assert name == "settings"
    assert text == "theme:dark/front:hot/thread:best/scores:never/pictures:tapped"
    assert attributes == {"Path=/", "Max-Age=34560000", "HttpOnly", "SameSite=Lax"}
    assert set_cookies(await choose(stranger, **DEFAULTS))[0][1:] == (
        "",
        attributes - {"Max-Age=34560000"} | {"Max-Age=0"},
    )


async def test_with_tls_the_cookie_is_the_hosts_alone(config, database):
    async with site(config, database, public_origin="https://testserver") as app, Client(app) as reader:
        reader.headers["Origin"] = "https://testserver"
        ((name, _, attributes),) = set_cookies(await reader.post("/settings", data=DEFAULTS | {"theme": "dark"}))
        assert name == "__Host-settings"
        assert {"Secure", "Path=/"} <= attributes


ODD = [
    *("", "dark", "theme", "theme:", ":dark", "theme:blue", "them:dark", "theme:dark" * 100, "/" * 190, "a:b/c:d"),
    *('theme:"dark"', "theme:<script>", "theme%3Adark", "saves_data:on", "budget:small", "theme:Dark"),
]


@pytest.mark.parametrize("text", ODD)
async def test_a_cookie_that_says_something_else_changes_nothing(stranger, text):
    usual = (await stranger.open("/help")).text
    answer = await stranger.get("/help", headers={"Cookie": f"settings={text}"})
    assert (answer.status_code, answer.text) == (200, usual)


def test_what_is_wrong_in_it_leaves_the_rest_alone():
    assert Settings.read("theme:blue/front:hot/x:y") == Settings(front="hot")
    assert Settings.read(Settings(thread="best", scores="voted").text()) == Settings(thread="best", scores="voted")
    longest = Settings(*(max(options, key=len) for options in OPTIONS.values())).text()
    assert len(longest) <= 100
    # Where it makes no difference, it makes no second page.
    assert Settings.read("pictures:all", saves_data=True) == Settings.read("pictures:all")


@pytest.mark.parametrize("name", OPTIONS)
async def test_an_answer_that_nobody_offered_is_refused(somebody, name):  # noqa: F811
    form = DEFAULTS | {"answer_mail": "never"}
    for wrong in (form | {name: "odd"}, {key: value for key, value in form.items() if key != name}):
        assert (await somebody.post("/settings", data=wrong)).status_code == 400
    assert await chosen(somebody) == DEFAULTS


async def test_strangers_with_the_same_settings_share_a_page_and_others_get_their_own(config, database, alice):
    await make_thread(alice)
    async with site(config, database, page_cache_seconds=60.0) as app:
        pages, cookies = (
            app.state.pages,
            ["theme:dark", "theme:dark/x:y", "x:y/theme:dark", "", "theme:blue", "session=1"],
        )
        async with Client(app) as reader:
            texts = [(await reader.get("/", headers={"Cookie": f"settings={each}"})).text for each in cookies]
            assert (pages.misses, pages.hits) == (2, 4)
            assert texts[0] == texts[1] == texts[2] != texts[3] == texts[4] == texts[5]
            assert 'data-theme="dark"' in texts[0]
            saving = await reader.get("/", headers={"Save-Data": "on"})
            assert pages.misses == 3
            assert saving.headers["etag"]


async def test_what_members_chose_costs_no_further_query(app, bob, thread):
    await choose(bob, theme="dark", thread="newest")
    token = db.queries.set(counted := [])
    await bob.get("/help")
    db.queries.reset(token)
    assert counted == ["sessions/get"]
