"""Mail: written with what it tells of, handed over once, and readable on any phone."""

import pytest

from board import mail
from tests.factories import row


@pytest.fixture
def hello(monkeypatch, tmp_path):
    """A template: its name."""
    (tmp_path / "hello.txt").write_text(
        "Subject: Hello {{ name }}\n\nHi {{ name }},\n\n{{ words }}\n\n{{ origin }}/x/1?a=b\n"
    )
    monkeypatch.setattr(mail, "TEMPLATES", tmp_path)
    mail._texts.cache_clear()
    yield "hello.txt"
    mail._texts.cache_clear()


async def write(app, template, to="alice@example.org", **context):
    """Leave a mail, as a handler does."""
    async with app.state.database.transaction() as connection:
        return await app.state.mailer.send(connection, to, template, **({"name": "Zoë", "words": "Words."} | context))


async def test_a_mail_arrives_as_it_was_written(mailbox, app, hello):
    await write(app, hello, words="<b>Ünï</b> & more")
    letter = await mailbox.one(app)
    assert (letter.to, letter.subject) == ("alice@example.org", "Hello Zoë")
    assert letter.text == "Hi Zoë,\n\n<b>Ünï</b> & more\n\nhttp://testserver/x/1?a=b"
    assert letter.link("/x/") == "/x/1?a=b"
    assert await mailbox.letters(app) == []


async def test_what_is_sent_keeps_no_text(mailbox, app, hello):
    mail_id = await write(app, hello)
    await mailbox.one(app)
    kept = await row(app, "select state, text, recipient from mails where id = $1", mail_id)
    assert tuple(kept) == ("sent", "", "alice@example.org")
