"""Names change, once in a while and with the password; the old one still leads to its person and to nobody else."""

import asyncio

import pytest

from tests import entrance, look
from tests.conftest import Client
from tests.entrance import PASSWORD
from tests.factories import make_account, make_thread, row


@pytest.fixture
async def carol(app, stranger) -> Client:
    """Signed up with a password."""
    await entrance.sign_up(stranger, "carol")
    return stranger


async def rename(client: Client, name: str, password: str = PASSWORD, **fields) -> object:
    """Send the form under Name."""
    return await client.post("/account/name", data={"name": name, "current_password": password, **fields})


async def later(app, days: int) -> None:
    """Let so many days pass."""
    await row(app, "update accounts set renamed_at = renamed_at - make_interval(days => $1)", days)
    await row(app, "update former_names set given_up_at = given_up_at - make_interval(days => $1)", days)


def heading(page) -> str:
    return look.words(next(look.tree(page).iter("h1")))


async def test_a_new_name_stands_everywhere_and_the_old_address_leads_there(app, alice, carol):
    async with app.state.database.connection() as connection:
        account = await connection.fetchrow("select id from accounts where name = 'carol'")
    carol.account = account
    thread = await make_thread(carol, title="Of carol")
    answer = await rename(carol, "Karoline")
    assert answer.headers["location"] == "/account/profile?done=name"
    assert "This is your name now." in (await carol.open(answer.headers["location"])).text
    assert await entrance.who(carol) == "Karoline"
    assert "Karoline" in (await alice.open(thread.path)).text
    for old in ("carol", "CAROL", "car0l"):
        moved = await alice.get(f"/people/{old}?show=messages&words=a%20b")
        assert moved.headers["location"] == "/people/Karoline?show=messages&words=a%20b"
    page = await alice.open("/people/carol")
    assert heading(page) == "Karoline"
    assert "Was carol until" in look.words(look.by_id(look.tree(page), "main"))


async def test_they_are_told_of_it_and_sign_in_by_the_new_name(app, carol):
    await rename(carol, "Karoline")
    event = await row(app, "select kind, details from account_events")
    assert event["kind"] == "name changed"
    assert event["details"] == {"old": "carol", "new": "Karoline"}
    async with Client(app) as browser:
        assert (await entrance.sign_in(browser, "carol")).status_code == 422
        assert (await entrance.sign_in(browser, "Karoline")).status_code == 303


async def test_once_in_thirty_days(app, carol):
    await rename(carol, "Karoline")
    page = await carol.open("/account/profile")
    assert "Your name was changed less than 30 days ago." in page.text
    assert "current_password" not in page.text
    answer = await rename(carol, "Caroline")
    assert answer.status_code == 422
    assert await entrance.who(carol) == "Karoline"
    await later(app, 31)
    assert (await rename(carol, "Caroline")).status_code == 303
    assert "Was Karoline until" in look.words(look.by_id(look.tree(await carol.open("/people/carol")), "main"))


async def test_without_the_password_nothing_changes_and_the_name_comes_back(app, carol):
    answer = await rename(carol, "Karoline", "not the password")
    assert answer.status_code == 422
    assert look.errors(answer) == ["This is not your password. Type the one that you sign in with now."]
    assert look.by_id(look.tree(answer), "name").get("value") == "Karoline"
    assert "not the password" not in answer.text
    assert await entrance.who(carol) == "carol"
    assert await row(app, "select from former_names") is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Your name is empty."),
        ("a", "A name has 2 to 24 characters"),
        ("two words", "no spaces"),
        ("admin", "kept for the board itself"),
        ("alice", "Somebody has this name"),
        ("ALICE", "Somebody has this name"),
        ("\u0430lice", "one alphabet"),
        ("a1ice", "Somebody has this name"),
    ],
)
async def test_a_name_that_can_not_be_is_refused_with_a_sentence(alice, carol, name, sentence):
    answer = await rename(carol, name)
    assert answer.status_code == 422
    assert sentence in " ".join(look.errors(answer))
    assert await entrance.who(carol) == "carol"


async def test_an_old_name_is_kept_for_a_year_and_then_free(app, config, carol):
    await rename(carol, "Karoline")
    for name in ("carol", "Car0l"):
        async with Client(app) as browser:
            answer = await entrance.sign_up(browser, name)
            assert answer.status_code == 422
            assert "Somebody has this name" in " ".join(look.errors(answer))
    async with Client(app) as dave:
        await entrance.sign_up(dave, "dave")
        answer = await rename(dave, "carol")
        assert "had it within a year" in " ".join(look.errors(answer))
        await later(app, 366)
        assert (await rename(dave, "carol")).status_code == 303
        assert heading(await dave.open("/people/carol")) == "carol"
        assert "Was dave" in (await dave.open("/people/carol")).text.replace("<b>", "")
    assert "Was <b>carol</b>" in (await carol.open("/people/Karoline")).text


async def test_one_takes_ones_own_old_name_back(app, carol):
    await rename(carol, "Karoline")
    await later(app, 31)
    assert (await rename(carol, "carol")).status_code == 303
    assert await entrance.who(carol) == "carol"
    assert (await carol.get("/people/karoline")).headers["location"] == "/people/carol"


async def test_the_same_form_sent_twice_changes_the_name_once(app, carol):
    for _ in range(2):
        assert (await rename(carol, "Karoline")).status_code == 303
    assert (await row(app, "select count(*) from former_names"))[0] == 1
    assert (await row(app, "select count(*) from account_events"))[0] == 1


async def test_another_spelling_of_ones_own_name_is_a_change_too(app, carol):
    assert (await rename(carol, "Carol")).status_code == 303
    assert await entrance.who(carol) == "Carol"
    assert heading(await carol.open("/people/carol")) == "Carol"
    assert (await rename(carol, "cArol")).status_code == 422


async def test_strangers_are_asked_to_sign_in(stranger):
    answer = await rename(stranger, "Karoline")
    assert answer.headers["location"].startswith("/sign-in")


async def test_of_two_changes_at_once_one_counts(busy_app):
    async with Client(busy_app) as carol:
        await entrance.sign_up(carol, "carol")
        answers = await asyncio.gather(*(rename(carol, name) for name in ("Karoline", "Caroline", "Carla")))
        assert sorted(each.status_code for each in answers) == [303, 422, 422]
    assert (await row(busy_app, "select count(*) from former_names"))[0] == 1


async def test_of_eight_people_who_want_one_name_at_once_one_gets_it(busy_app, join):
    people = [await join(f"person{number}", app=busy_app) for number in range(8)]
    await row(busy_app, "update accounts set password_hash = $1", await busy_app.state.passwords.hash(PASSWORD))
    answers = await asyncio.gather(*(rename(person, "Karoline") for person in people))
    assert sorted(each.status_code for each in answers) == [303] + [422] * 7, [look.errors(each) for each in answers]
    assert all("Somebody has this name" in each.text for each in answers if each.status_code == 422)
    assert (await row(busy_app, "select count(*) from former_names"))[0] == 1


async def test_nobody_takes_a_name_in_the_moment_in_which_it_is_given_up(busy_app):
    """Who signs up waits for the change, which they could not see when they began, and is told to try again."""
    async with busy_app.state.database.transaction() as connection:
        account = await make_account(connection, "carol")
    giving_up = """
        with a as (update accounts set name = 'kaa', name_key = 'kaa' where id = $1 returning old.*)
        insert into former_names (account_id, name, name_key) select id, name, name_key from a
    """
    async with Client(busy_app) as browser:
        async with busy_app.state.database.transaction() as connection:
            await connection.execute(giving_up, account["id"])
            signing_up = asyncio.create_task(entrance.sign_up(browser, "carol"))
            async with asyncio.timeout(30):
                while not await row(busy_app, "select 1 from pg_locks where not granted"):
                    await asyncio.sleep(0.02)
        assert (await signing_up).status_code == 503
        answer = await entrance.sign_up(browser, "carol")
        assert "Somebody has this name" in " ".join(look.errors(answer))
    assert (await row(busy_app, "select count(*) from accounts"))[0] == 1
