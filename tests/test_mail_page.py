"""The page where admins see what mail waits or failed and why; for nobody else, and without what opens an account."""

import pytest

from board.mail import page
from tests import look
from tests.factories import row
from tests.mailbox import send_due, site_of

SECRET = "asked for this mail on"


async def write(app, to: str = "alice@example.org", **options) -> int:
    async with app.state.database.transaction() as connection:
        return await app.state.mailer.send(connection, to, "mail/test.txt", **options)


async def state(app, id: int) -> str | None:
    found = await row(app, "select state from mails where id = $1", id)
    return found and found["state"]


@pytest.fixture
async def mails(mailbox, app) -> dict[str, int]:
    """A mail of every state, with a server."""
    mailbox.answers = ["250 OK", "550 No <such> user"]
    ids = {name: await write(app, f"{name}@example.org") for name in ("sent", "failed")}
    await send_due(site_of(app))
    ids["waiting"] = await write(app, "waiting@example.org")
    mailbox.answers = ["451 Later"]
    await send_due(site_of(app))
    return ids


async def test_an_admin_sees_what_waits_what_failed_and_why_but_no_text(admin, mails):
    answer = await admin.open("/mail")
    root = look.tree(answer)
    said = {name: look.words(look.by_id(root, f"mail-{id}")) for name, id in mails.items()}
    assert "to failed@example.org" in said["failed"]
    assert "The mail server refused the address (550). No <such> user" in said["failed"]
    assert "to waiting@example.org, written now, last tried now, next at" in said["waiting"]
    assert "The mail server can not take the address now (451). Later" in said["waiting"]
    assert "Try now" in said["waiting"]
    assert "sent now" in said["sent"]
    assert "Try now" not in said["sent"]
    assert SECRET not in answer.text


async def test_without_a_server_the_text_stands_there_to_be_passed_on(admin, app):
    shown = await write(app)
    await send_due(site_of(app))
    answer = await admin.open("/mail")
    assert "No mail leaves this board" in answer.text
    card = look.words(look.by_id(look.tree(answer), f"mail-{shown}"))
    assert SECRET in card
    assert "Try now" not in card


async def test_with_a_server_what_was_shown_before_is_not_and_can_be_sent(mailbox, admin, app):
    shown = await write(app)
    await row(app, "update mails set state = 'shown', ended_at = now() where id = $1", shown)
    answer = await admin.open("/mail")
    assert SECRET not in answer.text
    assert (await admin.post(f"/mail/{shown}/retry")).status_code == 303
    assert (await mailbox.one(app)).to == "alice@example.org"


async def test_what_failed_and_what_waits_is_tried_at_once(mailbox, admin, app, mails):
    for name in ("failed", "waiting"):
        for _ in range(2):  # twice is once
            answer = await admin.post(f"/mail/{mails[name]}/retry")
            assert (answer.status_code, answer.headers["location"]) == (303, "/mail")
    mailbox.arrived.clear()
    assert sorted(each.to for each in await mailbox.letters(app)) == ["failed@example.org", "waiting@example.org"]
    assert await row(app, "select from jobs where kind = 'send_mail'") is None


async def test_what_is_sent_is_not_sent_again_and_what_is_late_is_not_sent_at_all(mailbox, admin, app, mails):
    mailbox.arrived.clear()
    await row(app, "update mails set useful_until = now() - interval '1 s' where id = $1", mails["failed"])
    assert "Try now" not in look.words(look.by_id(look.tree(await admin.open("/mail")), f"mail-{mails['failed']}"))
    for name in ("sent", "failed"):
        assert (await admin.post(f"/mail/{mails[name]}/retry")).status_code == 303
        assert await state(app, mails[name]) == name
    assert await mailbox.letters(app) == []


async def test_what_is_dropped_is_never_sent(mailbox, admin, app, mails):
    mailbox.arrived.clear()
    for _ in range(2):  # twice is once
        assert (await admin.post(f"/mail/{mails['waiting']}/drop")).status_code == 303
        assert await state(app, mails["waiting"]) is None
    await row(app, "update jobs set run_at = now() where kind = 'send_mail'")
    assert await mailbox.letters(app) == []


async def test_a_test_mail_shows_whether_mail_arrives(mailbox, admin, app):
    answer = await admin.post("/mail/test", data={"address": " ada@example.org "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/mail")
    assert (await mailbox.one(app)).to == "ada@example.org"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ada", "This is no address for mail. Write it like ada@example.org."),
        ("a@b.org, c@d.org", "This is no address for mail. Write it like ada@example.org."),
        ("", "The address is empty."),
        ("a" * 300 + "@b.org", "The address has 306 characters; at most 254 are allowed. Shorten it."),
    ],
)
async def test_a_test_mail_to_no_address_is_a_sentence_and_what_was_typed_is_still_there(admin, app, address, sentence):
    answer = await admin.post("/mail/test", data={"address": address})
    assert answer.status_code == 422
    assert look.errors(answer) == [sentence]
    assert look.by_id(look.tree(answer), "address").get("value") == address
    assert await row(app, "select from mails") is None


async def test_nobody_else_sees_or_does_anything(stranger, bob, mod, app, mails):
    for client in (bob, mod):
        assert (await client.get("/mail")).status_code == 403
        for path in (f"{mails['waiting']}/retry", f"{mails['waiting']}/drop", "test"):
            assert (await client.post(f"/mail/{path}", data={"address": "bob@example.org"})).status_code == 403
    assert (await stranger.get("/mail")).headers["location"].startswith("/sign-in")
    assert (await stranger.post(f"/mail/{mails['waiting']}/drop")).headers["location"].startswith("/sign-in")
    assert await state(app, mails["waiting"]) == "waiting"


async def test_the_statements_ask_for_the_right_too(app, mails):
    async with app.state.database.connection() as connection:
        assert await page.list_mails(connection, size=50, shows_text=True, may=False) == []
        assert await page.drop_mail(connection, id=mails["failed"], may=False) is None
        assert await page.retry_mail(connection, id=mails["failed"], may=False) is None
