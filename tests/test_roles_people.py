"""The list of people, and one person's page: roles and trust given, suspensions, and the log of all of it."""

import pytest

from tests import look
from tests.factories import make_account, make_message, row
from tests.routes import everything


def of(client) -> str:
    """A person's page for moderators and admins."""
    return f"/admin/people/{client.account['id']}"


async def role_of(client) -> str:
    return (await row(client.app, "select role from accounts where id = $1", client.account["id"]))[0]


def names(answer) -> list[str]:
    """Who is on the list, in order."""
    cards = [each for each in look.tree(answer).iter("li") if (each.get("id") or "").startswith("person-")]
    return [look.words(next(each.iter("h3"))) for each in cards]


def form(answer, end: str):
    """The form on a person's page that sends there."""
    return next(each for each in look.tree(answer).iter("form") if each.get("action", "").endswith(end))


async def test_the_list_names_everybody_who_joined_last_first(admin, alice, mod, join):
    await join("wanda", "waiting")
    page = await mod.open("/admin/people")
    assert names(page) == ["wanda", "morag", "alice", "ada"]
    assert "/admin/people" in look.links(look.tree(await mod.open("/")))
    assert "/admin/people" not in look.links(look.tree(await alice.open("/")))


@pytest.mark.parametrize(
    ("show", "expected"),
    [("admin", ["ada"]), ("moderator", ["morag"]), ("new", ["nora"]), ("trusted", []), ("suspended", ["bob"])],
)
async def test_the_list_can_be_narrowed(admin, mod, alice, bob, join, show, expected):
    await join("nora", "new")
    await admin.post(f"{of(bob)}/suspend", data={"days": "7", "reason": "Spam."})
    page = await admin.open(f"/admin/people?show={show}")
    assert names(page) == expected
    current = [each for each in look.tree(page).iter("a") if each.get("aria-current") == "page"]
    assert current[0].get("href") == f"/admin/people?show={show}"


async def test_the_list_has_pages_both_ways(app, admin):
    async with app.state.database.connection() as connection:
        for number in range(120):
            await make_account(connection, f"person-{number:03}")
    seen, path = [], "/admin/people?show=member"
    for count in (50, 50, 20):
        page = await admin.open(path)
        assert len(names(page)) == count
        seen += names(page)
        older = [each for each in look.tree(page).iter("a") if each.get("rel") == "next"]
        path = older[0].get("href") if older else ""
    assert path == ""
    assert seen == [f"person-{number:03}" for number in reversed(range(120))]
    back = next(each for each in look.tree(page).iter("a") if each.get("rel") == "prev").get("href")
    assert names(await admin.open(back)) == seen[50:100]


@pytest.mark.parametrize(
    ("searched", "expected"),
    [
        ("al", ["alice", "alina"]),
        ("ALICE", ["alice"]),
        ("A1ICE", ["alice"]),
        ("lice", []),
        ("%", []),
        ("_", []),
        ("\\", []),
    ],
)
async def test_people_are_found_by_how_their_name_begins(admin, alice, bob, join, searched, expected):
    await join("alina")
    page = await admin.get("/admin/people", params={"q": searched})
    assert names(page) == expected
    assert look.by_id(look.tree(page), "q").get("value") == searched


async def test_admins_find_people_by_their_address_and_moderators_do_not(app, admin, mod, alice):
    await row(
        app, "insert into addresses values ($1, true, 'Alice@example.org', 'alice@example.org')", alice.account["id"]
    )
    for client, expected in ((admin, ["alice"]), (mod, [])):
        assert names(await client.get("/admin/people", params={"q": "ALICE@example.org"})) == expected
        assert ("Alice@example.org" in (await client.open(of(alice))).text) == bool(expected)


@pytest.mark.parametrize("path", ["/admin/people?show=nobody", "/admin/people?after=x"])
async def test_a_broken_address_of_the_list_is_a_sentence(admin, path):
    assert (await admin.get(path)).status_code == 400


async def test_a_person_that_there_is_not_is_not_found(admin):
    for answer in (
        await admin.get("/admin/people/999999"),
        await admin.post("/admin/people/999999/role", data={"role": "admin", "reason": ""}),
        await admin.post("/admin/people/999999/trust", data={"trust": "given", "reason": ""}),
        await admin.post("/admin/people/999999/suspend", data={"days": "7", "reason": "Spam."}),
        await admin.post("/admin/people/999999/unsuspend"),
    ):
        assert answer.status_code == 404
        assert "There is nobody with this number." in answer.text


async def test_an_admin_gives_a_role_which_works_at_once_is_told_and_logged(admin, mod, bob, thread):
    page = await admin.open(of(bob))
    sent = look.fields(form(page, "/role"))
    assert sent == {"role": "member", "reason": ""}
    assert (await bob.post(f"{thread.path}/lock")).status_code == 403
    answer = await admin.post(f"{of(bob)}/role", data=sent | {"role": "moderator", "reason": "Keeps calm & <kind>."})
    assert (answer.status_code, answer.headers["location"]) == (303, of(bob))
    assert (await bob.post(f"{thread.path}/lock")).status_code == 303
    for path in ("/admin/log", of(bob)):
        said = look.words(next(look.tree(await mod.open(path)).iter("main")))
        assert "made moderator, before: member. “Keeps calm & <kind>.”" in said
    event = await row(bob.app, "select kind, details from account_events where account_id = $1", bob.account["id"])
    assert (event["kind"], event["details"]) == ("role changed", {"old": "member", "new": "moderator"})


async def test_the_same_role_again_changes_nothing(app, admin, bob):
    await admin.post(f"{of(bob)}/role", data={"role": "moderator", "reason": ""})
    before = await everything(app)
    assert (await admin.post(f"{of(bob)}/role", data={"role": "moderator", "reason": ""})).status_code == 303
    assert await everything(app) == before


@pytest.mark.parametrize("role", ["new", "trusted"])
async def test_who_is_new_or_trusted_stays_so_as_a_member(join, admin, role):
    nora = await join("nora", role)
    assert look.fields(form(await admin.open(of(nora)), "/role"))["role"] == "member"
    assert (await admin.post(f"{of(nora)}/role", data={"role": "member", "reason": ""})).status_code == 303
    assert await role_of(nora) == role


async def test_nobody_changes_their_own_role_so_the_last_admin_stays(app, admin):
    assert "/role" not in (await admin.open(of(admin))).text
    before = await everything(app)
    for path, sentence in (("role", "Nobody changes their own role."), ("trust", "Nobody trusts themselves.")):
        answer = await admin.post(f"{of(admin)}/{path}", data={"role": "member", "trust": "given", "reason": "Tired."})
        assert answer.status_code == 403
        assert sentence in answer.text
    assert (await admin.post(f"{of(admin)}/suspend", data={"days": "1", "reason": "Tired."})).status_code == 403
    assert await everything(app) == before


async def test_roles_that_are_not_given_are_refused(admin, bob):
    for role in ("trusted", "new", "waiting", "stranger", "superuser", ""):
        answer = await admin.post(f"{of(bob)}/role", data={"role": role, "reason": ""})
        assert answer.status_code == 400
    assert await role_of(bob) == "member"


async def test_who_waits_for_approval_gets_no_role_past_it(join, admin):
    wanda = await join("wanda", "waiting")
    assert (await admin.post(f"{of(wanda)}/role", data={"role": "admin", "reason": ""})).status_code == 409
    assert await role_of(wanda) == "waiting"


async def test_trust_is_given_withheld_and_left_to_be_earned(admin, bob):
    for trust, role in (("given", "trusted"), ("withheld", "member"), ("earned", "member"), ("given", "trusted")):
        assert (await admin.post(f"{of(bob)}/trust", data={"trust": trust, "reason": ""})).status_code == 303
        assert await role_of(bob) == role
        assert look.fields(form(await admin.open(of(bob)), "/trust"))["trust"] == trust
    said = look.words(next(look.tree(await admin.open("/admin/log")).iter("main")))
    assert [said.count(words) for words in ("gave trust", "withheld trust", "let trust be earned")] == [2, 1, 1]


async def test_moderators_give_neither_roles_nor_trust(app, mod, bob):
    page = await mod.open(of(bob))
    assert {each.get("action") for each in look.tree(page).iter("form")} >= {f"{of(bob)}/suspend"}
    assert f"{of(bob)}/role" not in page.text
    before = await everything(app)
    for path, sent in (("role", {"role": "moderator"}), ("trust", {"trust": "given"})):
        answer = await mod.post(f"{of(bob)}/{path}", data=sent | {"reason": ""})
        assert answer.status_code == 403
        assert "Only admins give and take roles." in answer.text
    assert await everything(app) == before


@pytest.mark.parametrize("path", ["/admin/people", "/admin/people/1", "/admin/log"])
async def test_members_do_not_see_the_pages_about_people(alice, stranger, path):
    assert (await alice.get(path)).status_code == 403
    answer = await stranger.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/")


async def test_a_page_tells_what_somebody_wrote_and_what_was_removed(admin, mod, bob, thread):
    ids = [await make_message(bob, thread) for _ in range(3)]
    await mod.post(f"/messages/{ids[0]}/delete")
    await bob.post(f"/messages/{ids[1]}/delete")
    assert "1 message, 1 removed by moderators" in look.words(next(look.tree(await admin.open(of(bob))).iter("main")))


async def test_the_log_is_kept_when_who_did_it_has_gone(app, admin, mod, bob):
    await mod.post(f"{of(bob)}/suspend", data={"days": "7", "reason": "Spam."})
    await row(app, "delete from account_events")
    await row(app, "delete from accounts where id = $1", mod.account["id"])
    said = look.words(next(look.tree(await admin.open("/admin/log")).iter("main")))
    assert "Somebody who left · now bob: suspended for 7 days. “Spam.”" in said
