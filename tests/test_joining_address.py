"""The address in the form to join: given or not, verified where it has to be, and never told whether it is in use."""

import pytest

from board.joining import keeping
from tests import look
from tests.conftest import Client
from tests.entrance import sign_up, site, who
from tests.factories import row
from tests.routes import cheaply

CAROL = "carol@example.org"


@pytest.fixture
async def strict(config, database, mailbox):
    """The site where an address has to be verified before one writes."""
    async with site(config, database, email="required", smtp_url=mailbox.url) as app:
        cheaply(app)
        yield app


@pytest.fixture
async def free(config, database, mailbox):
    """The site where an address may be given."""
    async with site(config, database, smtp_url=mailbox.url) as app:
        cheaply(app)
        yield app


async def confirm(client: Client, link: str):
    """Open the link of the mail and press the button there."""
    page = await client.open(link)
    form = next(each for each in look.tree(page).iter("form") if "confirm" in each.get("action", ""))
    return await client.post(form.get("action"), data=look.fields(form))


async def test_who_gives_an_address_writes_at_once_and_is_mailed_a_link(free, mailbox):
    async with Client(free) as carol:
        assert (await sign_up(carol, address=f" {CAROL} ")).status_code == 303
        assert (await carol.get("/threads/new")).status_code == 200
        letter = await mailbox.one(free)
        assert letter.to == CAROL
        await confirm(carol, letter.link("/address/confirm"))
    assert (await row(free, "select verified from addresses"))[0] is True


async def test_without_an_address_no_mail_goes_out(free, mailbox):
    async with Client(free) as carol:
        assert (await sign_up(carol, address="")).status_code == 303
    assert await mailbox.letters(free) == []
    assert await row(free, "select from addresses") is None


async def test_where_it_is_required_one_reads_until_the_link_was_opened(strict, mailbox):
    async with Client(strict) as carol:
        answer = await sign_up(carol, address=CAROL, next="/help")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/waiting")
        page = await carol.open("/account/waiting")
        assert "Open the link that was mailed to you." in page.text
        assert "/account/address" in look.links(look.tree(page))
        assert (await carol.get("/threads/new")).status_code == 403
        await confirm(carol, (await mailbox.one(strict)).link("/address/confirm"))
        assert (await carol.get("/threads/new")).status_code == 200
        assert (await carol.get("/account/waiting")).headers["location"] == "/account"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "The address is empty."),
        ("carol", "This is no e-mail address"),
        ("carol@", "This is no e-mail address"),
        ("a b@example.org", "This is no e-mail address"),
        ("x" * 300 + "@example.org", "The address has 312 characters"),
        ("carol@example.org\r\nBcc: dave@example.org", ""),
    ],
)
async def test_what_is_no_address_gets_a_sentence_and_comes_back(strict, mailbox, address, sentence):
    async with Client(strict) as carol:
        answer = await sign_up(carol, address=address)
        assert answer.status_code == 422
        (told,) = look.errors(answer)
        assert told.startswith(sentence)
        assert look.by_id(look.tree(answer), "name").get("value") == "carol"
    assert await mailbox.letters(strict) == []
    assert (await row(strict, "select count(*) from accounts"))[0] == 0


async def test_nobody_learns_whether_an_address_is_in_use(strict, mailbox):
    async with Client(strict) as carol:
        await sign_up(carol, address=CAROL)
        await confirm(carol, (await mailbox.one(strict)).link("/address/confirm"))
    pages = []
    for name, address in (("dave", CAROL), ("erin", CAROL.upper()), ("frank", "frank@example.org")):
        async with Client(strict) as other:
            answer = await sign_up(other, name, address=address)
            waiting = await other.open("/account/waiting")
            pages.append((answer.status_code, answer.headers["location"], waiting.text.replace(name, "NAME")))
            assert (await other.get("/threads/new")).status_code == 403
    first, *others = [(status, place, text.split("<main")[1].split("Until ")[0]) for status, place, text in pages]
    assert others == [first, first]


async def test_an_address_that_was_never_verified_frees_the_name_after_two_weeks(strict, database):
    async with Client(strict) as carol, Client(strict) as other:
        await sign_up(carol, address=CAROL)
        await row(strict, "update accounts set created_at = now() - interval '13 days'")
        assert await keeping.forget_guests(database) == 0
        await row(strict, "update accounts set created_at = now() - interval '15 days'")
        assert await keeping.forget_guests(database) == 1
        assert await who(carol) == ""
        assert (await sign_up(other, address=CAROL)).status_code == 303


async def test_where_none_is_asked_for_one_that_is_sent_is_not_kept(config, database):
    async with site(config, database, email="off") as app, Client(app) as carol:
        assert "address" not in {each.get("name") for each in look.tree(await carol.open("/sign-up")).iter("input")}
        assert (await sign_up(carol, address=CAROL)).status_code == 303
        assert await row(app, "select from addresses") is None


@pytest.mark.parametrize("decision", ["accept", "refuse"])
async def test_who_applied_is_mailed_the_decision_to_a_verified_address(config, database, mailbox, join, decision):
    changes = {"sign_up": "approval", "email": "required", "smtp_url": mailbox.url}
    async with site(config, database, **changes) as app, Client(app) as carol:
        cheaply(app)
        mod = await join("morag", "moderator", app=app)
        await sign_up(carol, address=CAROL, application="I bake.")
        await confirm(carol, (await mailbox.one(app)).link("/address/confirm"))
        assert (await carol.get("/threads/new")).status_code == 403, "one of two things is missing still"
        await mailbox.letters(app)
        (id_,) = await row(app, "select account_id from applications")
        await mod.post(f"/admin/applications/{id_}", data={"decision": decision, "sentence": "Because of bread."})
        letter = await mailbox.one(app)
        assert (letter.to, "Because of bread." in letter.text) == (CAROL, True)
        assert ("you can write and vote now" in letter.text) == (decision == "accept")
        assert ((await carol.get("/threads/new")).status_code == 200) == (decision == "accept")
