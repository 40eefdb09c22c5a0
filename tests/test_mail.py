"""Mail: written with what it tells of, sent after that, whole on any phone, and nothing smuggled in."""

import email.policy
import logging
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board import mail
from board.kit.config import Config
from board.kit.mail import Letter, Server, compose, flowed, is_address, sender
from board.mail.sending import prune_mails
from tests.conftest import ORIGIN
from tests.entrance import site
from tests.factories import row
from tests.mailbox import send_due, site_of

TEST = "mail/test.txt"


async def write(app, to="alice@example.org", **options) -> int:
    """Leave a mail, as a handler does."""
    async with app.state.database.transaction() as connection:
        return await app.state.mailer.send(connection, to, TEST, **options)


def letter(**changes) -> Letter:
    given = {"to": "alice@example.org", "subject": "Hello", "text": "Hi.\n", "message_id": uuid.uuid4()}
    return Letter(**(given | {"written_at": datetime(2026, 5, 1, 12, tzinfo=UTC)} | changes))


async def test_a_mail_arrives_as_its_template_says(mailbox, app):
    await write(app)
    arrived = await mailbox.one(app)
    assert (arrived.to, arrived.subject) == ("alice@example.org", "A test of Board")
    assert f"asked for this mail on {ORIGIN}/mail, to see that." in arrived.text
    assert str(arrived.message["from"]) == "Board <board@testserver>"
    assert str(arrived.message["to"]) == "alice@example.org"
    assert arrived.message["auto-submitted"] == "auto-generated"
    assert arrived.message["list-unsubscribe"] is None
    assert await mailbox.letters(app) == [], "once"


async def test_without_the_commit_there_is_no_mail(mailbox, busy_app):
    async def fail() -> None:
        async with busy_app.state.database.transaction() as connection:
            await busy_app.state.mailer.send(connection, "alice@example.org", TEST)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await mailbox.letters(busy_app) == []


async def test_what_is_sent_keeps_no_text(mailbox, app):
    mail_id = await write(app)
    assert "to see that" in (await row(app, "select text from mails where id = $1", mail_id))[0]
    await mailbox.one(app)
    kept = await row(app, "select state, text, recipient from mails where id = $1", mail_id)
    assert tuple(kept) == ("sent", "", "alice@example.org")


async def test_the_queue_and_the_log_hold_no_address_and_no_text(mailbox, app, caplog):
    caplog.set_level(logging.DEBUG)
    mailbox.answers = ["550 No alice@example.org here"]
    mail_id = await write(app)
    job = await row(app, "select payload, key from jobs where kind = 'send_mail'")
    assert tuple(job) == ({"mail": mail_id}, str(mail_id))
    await mailbox.letters(app)
    told = [record.getMessage() for record in caplog.records if record.name.startswith("board")]
    assert any("refused the address (550)" in each for each in told)
    assert not any("example.org" in each or "to see that" in each for each in told)


async def test_with_the_account_goes_what_still_waits(mailbox, app, alice):
    await write(app, account_id=alice.account["id"])
    await row(app, "delete from accounts where id = $1", alice.account["id"])
    assert await send_due(site_of(app)) == [None]
    assert await mailbox.letters(app) == []


async def test_what_is_too_late_for_its_reader_is_not_sent(mailbox, app):
    mail_id = await write(app, useful_minutes=30)
    await row(app, "update mails set useful_until = now() - interval '1 s'")
    assert await mailbox.letters(app) == []
    found = await row(app, "select state, error from mails where id = $1", mail_id)
    assert tuple(found) == ("failed", "It could not be sent while it was of use.")


async def test_without_a_server_it_is_written_to_the_log_and_kept_to_be_read(app, caplog):
    caplog.set_level(logging.INFO, "board.mail")
    mail_id = await write(app)
    assert await send_due(site_of(app)) == [None]
    (said,) = [record.getMessage() for record in caplog.records if record.name == "board.mail"]
    assert "To: alice@example.org\nA test of Board\n\nMail from Board arrives." in said
    assert (await row(app, "select state from mails where id = $1", mail_id))[0] == "shown"


async def test_mails_are_forgotten_after_a_week_unless_they_wait(mailbox, app):
    old, fresh = await write(app), await write(app)
    await mailbox.letters(app)
    waits = await write(app)
    await row(app, "update mails set created_at = now() - interval '8 days'")
    await row(app, "update mails set ended_at = now() - interval '8 days' where id = $1", old)
    assert await prune_mails(site_of(app)) == 1
    assert (await row(app, "select array_agg(id order by id) from mails"))[0] == [fresh, waits]


async def test_the_sender_is_the_one_of_the_settings(config, database, mailbox):
    async with site(config, database, mail_from="Bräd & Co <post@a.example>") as app:
        await write(app)
        arrived = await mailbox.one(app)
    assert arrived.message["from"].addresses[0].addr_spec == "post@a.example"
    assert arrived.message["from"].addresses[0].display_name == "Bräd & Co"
    assert arrived.message["message-id"].endswith("@a.example>")


async def test_a_mail_that_can_be_ended_says_how(mailbox, app):
    link = f"{ORIGIN}/unsubscribe/{'long' * 50}"
    await write(app, unsubscribe=link)
    arrived = await mailbox.one(app)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in arrived.data, "whole, on one line"
    message = arrived.message
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


def test_a_mail_is_dated_when_it_was_written_and_named_once_and_for_all():
    message = compose(letter(message_id=uuid.UUID(int=7)), sender(Config(public_origin="https://a.example")))
    assert message["date"] == "Fri, 01 May 2026 12:00:00 +0000"
    assert message["message-id"] == "<00000000-0000-0000-0000-000000000007@a.example>"


@pytest.mark.parametrize(
    "to",
    [
        "a@b.example\r\nBcc: x@y.example",
        "a@b.example\nX: y",
        "a@b.example, c@d.example",
        "a@b.example\0",
        "",
        "a b@c.d",
    ],
)
def test_no_address_smuggles_a_header_or_a_second_reader_in(to):
    assert not is_address(to)
    with pytest.raises(ValueError, match="no address"):
        compose(letter(to=to), sender(Config()))


def test_no_link_smuggles_a_header_in():
    with pytest.raises(ValueError, match="header"):
        compose(letter(unsubscribe="https://a.example/\r\nBcc: x@y.example"), sender(Config()))


@given(st.text())
def test_no_subject_smuggles_a_header_in(subject):
    message = compose(letter(subject=subject), sender(Config()))
    sent = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert set(sent.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }


@pytest.mark.parametrize(
    "text", ["ada@example.org", "a.b+c@mail.example.co", ".a..b@example.org", "a@xn--exmple-cua.org"]
)
def test_what_an_address_looks_like(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["ada", "ada@", "@example.org", "ada@example", "a@b@c.d", "a@.org", "a" * 250 + "@b.org"]
)
def test_what_no_address_looks_like(text):
    assert not is_address(text)


def joined(text: str) -> str:
    """What a mail program shows of lines that may flow (RFC 3676)."""
    return "\n".join(line.removeprefix(" ") for line in text.replace(" \n", " ").split("\n"))


def test_lines_are_short_may_flow_and_keep_addresses_whole():
    url = "https://board.example/" + "x" * 200
    text = f"{'Words and words. ' * 20}\n\n{url}\nFrom me\n>> you\n"
    sent = flowed(text)
    assert all(len(line) <= 73 or url in line for line in sent.split("\n"))
    assert "\n From me\n >> you\n" in sent
    assert joined(sent) == "\n".join(line.rstrip() for line in text.split("\n"))


def test_to_other_machines_mail_goes_under_tls():
    def server(url: str) -> tuple[int, bool, bool]:
        found = Server.of(Config(smtp_url=url, public_origin=ORIGIN))
        return found.port, found.tls, found.start_tls

    assert server("smtp://mail.example") == (587, False, True)
    assert server("smtp://10.0.0.5:25") == (25, False, True)
    assert server("smtps://mail.example") == (465, True, False)
    assert server("smtp://mail.example?tls=off") == (25, False, False)
    assert server("smtp://localhost:1025") == (1025, False, False)
    assert server("smtp://[::1]") == (25, False, False)
    assert server("smtp://127.0.0.1?tls=on") == (587, False, True)


def test_name_and_password_may_hold_signs():
    server = Server.of(Config(smtp_url="smtp://a%40b.example:p%3A%2F%3F@mail.example", public_origin=ORIGIN))
    assert (server.username, server.password) == ("a@b.example", "p:/?")
    assert Server.of(Config(smtp_url="smtp://mail.example", public_origin=ORIGIN)).username is None


def test_every_template_of_a_mail_begins_with_its_subject():
    paths = sorted(mail.TEMPLATES.rglob("*.txt"))
    assert paths
    for path in paths:
        assert path.read_text().startswith("Subject: "), path
