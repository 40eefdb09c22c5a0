"""Moderators of a board: everybody sees them, admins appoint and dismiss, and their reach ends at their boards."""

import pytest

from tests import look
from tests.factories import make_message, make_thread, row
from tests.routes import everything

PATH = "/boards/general/moderators"


@pytest.fixture
async def garden(app) -> str:
    """Another board."""
    await row(app, "insert into boards (slug, name) values ('garden', 'The garden')")
    return "garden"


def people(answer) -> list[str]:
    return [look.words(each) for each in look.tree(answer).iter("h3")]


async def test_an_admin_appoints_by_name_and_everybody_sees_it(admin, alice, mod, stranger):
    page = await admin.open(PATH)
    assert look.fields(look.form(page)) == {"name": ""}
    answer = await admin.post(PATH, data={"name": "A1ice"})
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    page = await stranger.open(PATH)
    assert people(page) == ["alice", "ada", "morag"]
    assert "<form" not in page.text.split("<main")[1].split("</main>")[0]
    assert PATH in look.links(look.tree(await stranger.open("/boards")))
    event = await row(alice.app, "select kind, details from account_events where account_id = $1", alice.account["id"])
    assert tuple(event) == ("board given", {"board": "General"})
    assert "appointed to moderate General" in (await mod.open("/admin/log")).text


async def test_twice_is_once_and_dismissed_is_dismissed(app, admin, alice, stranger):
    await admin.post(PATH, data={"name": "alice"})
    before = await everything(app)
    assert (await admin.post(PATH, data={"name": "alice"})).status_code == 303
    assert await everything(app) == before
    path = f"{PATH}/{alice.account['id']}/dismiss"
    assert path in [each.get("action") for each in look.tree(await admin.open(PATH)).iter("form")]
    for _ in range(2):
        assert (await admin.post(path)).status_code == 303
    assert people(await stranger.open(PATH)) == ["ada"]
    assert (await row(app, "select count(*) from deeds"))[0] == 2


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nobody-here", "There is nobody with this name."),
        ("", "The name is empty."),
        ("morag", "morag moderates every board already."),
        ("ada", "ada moderates every board already."),
        ("wanda", "wanda waits for approval still."),
        ("<b>", "There is nobody with this name."),
    ],
)
async def test_others_are_not_appointed_and_the_name_comes_back(app, admin, mod, join, name, sentence):
    await join("wanda", "waiting")
    before = await everything(app)
    answer = await admin.post(PATH, data={"name": name})
    assert answer.status_code == 422
    assert sentence in look.errors(answer)[0]
    assert look.fields(look.form(answer)) == {"name": name}
    assert await everything(app) == before


async def test_nobody_else_appoints_or_dismisses(app, alice, mod, stranger, bob):
    await row(app, "insert into board_moderators select $1, id from boards", bob.account["id"])
    before = await everything(app)
    for client, status in ((alice, 403), (mod, 403), (bob, 403), (stranger, 303)):
        for path in (PATH, f"{PATH}/{bob.account['id']}/dismiss"):
            answer = await client.post(path, data={"name": "alice"})
            assert answer.status_code == status
            assert status == 403 or answer.headers["location"].startswith("/sign-in")
    assert await everything(app) == before


async def test_a_board_that_there_is_not_has_no_moderators(admin, stranger):
    assert (await stranger.get("/boards/nothing/moderators")).status_code == 404
    assert (await admin.post("/boards/nothing/moderators", data={"name": "ada"})).status_code == 404
    assert (await admin.post("/boards/nothing/moderators/1/dismiss")).status_code == 404


async def test_the_reach_of_a_moderator_ends_at_their_boards(app, admin, alice, bob, garden):
    await admin.post(PATH, data={"name": "bob"})
    here, there = await make_thread(alice), await make_thread(alice, board=garden)
    for thread, may in ((here, True), (there, False)):
        answer = await make_message(alice, thread)
        page = await bob.open(thread.path)
        expected = {f"{thread.path}/lock", f"{thread.path}/delete", f"/messages/{answer}/delete"}
        assert expected & set(look.actions(look.tree(page))) == (expected if may else set())
        for path, refused in (
            (f"{thread.path}/lock", 403),
            (f"{thread.path}/unlock", 403),
            (f"/messages/{answer}/delete", 404),
            (f"/messages/{answer}/restore", 404),
            (f"{thread.path}/delete", 404),
        ):
            assert (await bob.post(path)).status_code == (303 if may else refused), path
        found = await row(app, "select deleted_by from threads where id = $1", thread.id)
        assert found["deleted_by"] == (bob.account["id"] if may else None)
        if may:
            assert "Undo the deletion" in (await bob.open(thread.path)).text
            assert (await bob.post(f"{thread.path}/restore")).status_code == 303


async def test_who_is_dismissed_loses_it_at_once(admin, alice, bob, thread):
    await admin.post(PATH, data={"name": "bob"})
    assert (await bob.post(f"{thread.path}/lock")).status_code == 303
    await admin.post(f"{PATH}/{bob.account['id']}/dismiss")
    assert (await bob.post(f"{thread.path}/unlock")).status_code == 403
    assert "/lock" not in (await bob.open(thread.path)).text
