"""A new password for who knows the old one, and the link that an admin makes for who has no address."""

import pytest

from tests import look
from tests.addressed import press, settled, token_of
from tests.conftest import Client
from tests.entrance import PASSWORD, sign_in, who
from tests.factories import row

HERS = "carol@example.org"
ANOTHER = "four other words too"
WRONG = "This is not your password. Type the one that you sign in with now."


@pytest.fixture
async def carol(join) -> Client:
    """Has a password and an address."""
    return await settled(await join("carol"), HERS)


@pytest.fixture
async def ada(admin) -> Client:
    """Runs the board, and has a password."""
    return await settled(admin)


async def change(client, new=ANOTHER, current=PASSWORD):
    return await client.post("/account/password", data={"current_password": current, "new_password": new})


async def test_carol_changes_her_password_and_is_signed_out_everywhere_else(mailbox, app, carol):
    async with Client(app) as phone:
        await sign_in(phone)
        assert await who(phone) == "carol"
        answer = await change(carol)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/password?changed")
        assert "It is changed." in (await carol.open("/account/password?changed")).text
        assert (await who(carol), await who(phone)) == ("carol", "")
        assert (await sign_in(phone)).status_code == 422
        assert (await sign_in(phone, password=ANOTHER)).status_code == 303
    letters = await mailbox.letters(app)
    assert HERS in {letter.to for letter in letters}
    assert any("The password was changed" in letter.text for letter in letters)


async def test_a_link_that_is_out_ends_with_the_change(app, carol, ada):
    link = await _made(ada, "carol")
    await change(carol)
    assert (await carol.get(link)).status_code == 410


@pytest.mark.parametrize(
    ("new", "current", "fields"),
    [
        (ANOTHER, "not her password", {"current_password"}),
        (ANOTHER, "", {"current_password"}),
        ("short", PASSWORD, {"new_password"}),
        ("x" * 200, PASSWORD, {"new_password"}),
        ("short", "not her password", {"current_password", "new_password"}),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_no_password_comes_back(app, carol, new, current, fields):
    answer = await change(carol, new, current)
    assert answer.status_code == 422
    tree = look.tree(answer)
    assert {each.get("id") for each in tree.iter("input") if each.get("aria-invalid")} == fields
    assert len(look.errors(answer)) == len(fields)
    assert not [each for each in tree.iter("input") if each.get("type") == "password" and each.get("value")]
    assert await who(carol) == "carol"
    async with Client(app) as phone:
        assert (await sign_in(phone)).status_code == 303, "the old one still counts"


async def test_an_admin_makes_a_link_for_who_has_no_address(app, join, ada, stranger):
    dave = await settled(await join("dave"))
    link = await _made(ada, "dave")
    assert await who(dave) == "dave", "nothing happens before the link is used"
    assert "Who runs the board made a link" in (await dave.open("/account/security")).text
    assert (await press(stranger, link, new_password=ANOTHER)).headers["location"] == "/reset/done"
    assert (await sign_in(stranger, "dave", password=ANOTHER)).status_code == 303
    assert await who(dave) == ""


async def test_the_link_is_shown_once_and_lasts_a_day(app, carol, ada):
    link = await _made(ada, "carol")
    assert token_of(link) not in (await ada.open("/admin/people/carol/new-password")).text
    assert (await row(app, "select expires_at - created_at between '23 hours' and '25 hours' from links"))[0]


async def test_an_admin_needs_their_own_password_for_that(app, carol, ada):
    answer = await ada.post("/admin/people/carol/new-password", data={"current_password": "not hers"})
    assert (answer.status_code, look.errors(answer)) == (422, [WRONG])
    assert (await row(app, "select count(*) from links"))[0] == 0


async def test_nobody_else_makes_links_to_new_passwords(app, carol, mod, stranger):
    for client in (await settled(mod), carol):
        assert (await client.get("/admin/people/carol/new-password")).status_code == 403
        answer = await client.post("/admin/people/carol/new-password", data={"current_password": PASSWORD})
        assert answer.status_code == 403
        assert "Only admins make links to new passwords." in answer.text
    assert (await stranger.post("/admin/people/carol/new-password")).headers["location"].startswith("/sign-in")
    assert (await row(app, "select count(*) from links"))[0] == 0


async def test_there_is_no_link_for_nobody(ada):
    assert (await ada.get("/admin/people/nobody/new-password")).status_code == 404
    data = {"current_password": PASSWORD}
    assert (await ada.post("/admin/people/nobody/new-password", data=data)).status_code == 404


async def _made(admin, name: str) -> str:
    """The link that the admin is shown."""
    answer = await admin.post(f"/admin/people/{name}/new-password", data={"current_password": PASSWORD})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    url = look.words(look.by_id(look.tree(answer), "link"))
    assert url.startswith("http://testserver/reset?token=")
    return url.removeprefix("http://testserver")
