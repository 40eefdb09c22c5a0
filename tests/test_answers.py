"""Mail about answers: for those who asked for it, several in one, never about what is gone, and ended by one tap."""

import httpx
import pytest

from board import answers, jobs, mail, messages
from board.kit.worker import Worker
from tests.conftest import Client
from tests.factories import draft, make_message, make_thread, row
from tests.mailbox import site_of
from tests.test_settings import choose


async def give_address(person: Client, *, verified: bool = True) -> None:
    """An address, as if its link had been opened."""
    name = person.account["name"]
    await row(
        person.app,
        "insert into addresses (account_id, verified, address, address_key) values ($1, $2, $3, $3)",
        person.account["id"],
        verified,
        f"{name}@example.org",
    )


@pytest.fixture
async def reader(mailbox, alice) -> Client:
    """Alice, who wants mail soon."""
    await give_address(alice)
    await choose(alice, answer_mail="soon")
    return alice


async def letters(app, mailbox) -> list:
    """What arrives when all is due that waits."""
    await row(app, "update jobs set run_at = now() where kind = 'mail_answers'")
    worker = Worker(site_of(app), {name: jobs.KINDS[name] for name in (answers.MAIL, mail.SEND)}, [])
    assert [result for _, result in [each async for each in worker.drain()] if result] == []
    return await mailbox.letters(app)


async def waits(app) -> float | None:
    """In how many seconds mail about answers is due."""
    found = await row(app, "select extract(epoch from run_at - now()) from jobs where kind = 'mail_answers'")
    return found and float(found[0])


async def test_nobody_gets_mail_who_did_not_ask_for_it(mailbox, app, alice, bob, thread):
    await give_address(alice)
    await make_message(bob, thread)
    assert await waits(app) is None
    assert await letters(app, mailbox) == []


async def test_answers_of_ten_minutes_come_in_one_mail(app, mailbox, reader, bob, join):
    thread = await make_thread(reader, "My boat")
    mine = await make_message(reader, thread, "I paint it.")
    first = await make_message(bob, thread, "Which *colour*?", reply_to=mine)
    assert await waits(app) == pytest.approx(600, abs=5)
    await row(app, "update jobs set run_at = now() + interval '1 minute'")
    second = await make_message(await join("carol"), thread, "Nice.")
    assert await waits(app) == pytest.approx(60, abs=5), "the first one set the time"
    (letter,) = await letters(app, mailbox)
    assert (letter.to, letter.subject) == ("alice@example.org", "2 answers on Board")
    assert f"bob in “My boat”:\nWhich *colour*?\nhttp://testserver/messages/{first}\n" in letter.text
    assert f"carol in “My boat”:\nNice.\nhttp://testserver/messages/{second}\n" in letter.text
    assert await letters(app, mailbox) == [], "once"


async def test_one_answer_is_named_in_the_subject(app, mailbox, reader, bob):
    thread = await make_thread(reader, "Ünï & <b>")
    await make_message(bob, thread, "Words " * 100)
    (letter,) = await letters(app, mailbox)
    assert letter.subject == "bob answered you in “Ünï & <b>”"
    assert letter.text.count("Words") < 50, "an excerpt"


async def test_what_one_says_oneself_and_what_answers_others_is_no_answer(app, mailbox, reader, bob, join):
    thread, other = await make_thread(reader), await make_thread(bob)
    await make_message(reader, thread)
    his = await make_message(bob, other)
    await make_message(await join("carol"), other, reply_to=his)
    await make_message(await join("dan"), other)
    assert await waits(app) is None


@pytest.mark.parametrize(
    "change",
    [
        "update messages set deleted_at = now(), deleted_by = author_id where text = 'Gone.'",
        "update threads set deleted_at = now(), deleted_by = author_id",
        "update accounts set answer_mail = 'never'",
        "delete from addresses",
    ],
)
async def test_what_is_gone_or_unwanted_by_then_is_not_mailed(app, mailbox, reader, bob, change):
    await make_message(bob, await make_thread(reader), "Gone.")
    await row(app, change)
    assert await letters(app, mailbox) == []
    assert await row(app, "select from answers_to_mail") is None


async def test_once_a_day_is_at_most_once_a_day(app, mailbox, reader, bob):
    await choose(reader, answer_mail="daily")
    thread = await make_thread(reader)
    await make_message(bob, thread)
    assert await waits(app) == pytest.approx(600, abs=5), "the first does not wait for a day"
    assert len(await letters(app, mailbox)) == 1
    await make_message(bob, thread)
    assert await waits(app) == pytest.approx(86_400, abs=5)
    await make_message(bob, thread)
    (letter,) = await letters(app, mailbox)
    assert letter.subject == "2 answers on Board"


async def test_very_many_are_counted(app, mailbox, reader, bob):
    thread = await make_thread(reader)
    for _ in range(23):
        await make_message(bob, thread)
    (letter,) = await letters(app, mailbox)
    assert letter.text.count("/messages/") == 20
    assert "And 3 answers more." in letter.text


async def test_an_answer_that_is_not_stored_is_not_mailed(app, mailbox, reader, bob):
    thread = await make_thread(reader)
    same = draft("Once.")
    for _ in range(2):  # the form is sent twice
        async with app.state.database.transaction() as connection:
            await messages.write(connection, thread.id, bob.account["id"], same)
    (letter,) = await letters(app, mailbox)
    assert letter.subject.startswith("bob answered you")


@pytest.mark.parametrize("pace", ["soon", "daily"])
async def test_without_an_address_that_is_proved_it_can_not_be_chosen(mailbox, app, alice, pace):
    await give_address(alice, verified=False)
    form = {"theme": "dark", "front": "activity", "thread": "oldest", "scores": "shown", "pictures": "auto"}
    answer = await alice.post("/settings", data=form | {"answer_mail": pace})
    assert answer.status_code == 422
    assert "There is no address to mail to yet." in answer.text
    assert answer.text.count(f'value="{pace}" checked') == 1, "what was chosen is still chosen"
    assert answer.text.count('value="dark" checked') == 1
    assert (await row(app, "select settings, answer_mail from accounts where name = 'alice'"))[:] == (None, "never")


async def test_a_stranger_is_not_asked_about_mail(stranger):
    assert "answer_mail" not in (await stranger.open("/settings")).text


async def stop_link(app, mailbox, reader, bob) -> tuple[str, httpx.Response]:
    """The link at the end of a mail, and the mail."""
    await make_message(bob, await make_thread(reader))
    (letter,) = await letters(app, mailbox)
    return letter.link("/unsubscribe/"), letter


async def test_one_tap_ends_it_signed_out_and_looking_does_not(app, mailbox, reader, bob, stranger):
    link, _ = await stop_link(app, mailbox, reader, bob)
    page = await stranger.open(link)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert await pace(app) == "soon", "what opens links ahead of people ends nothing"
    for _ in range(2):  # twice is once
        done = await stranger.post(link)
        assert done.status_code == 200
        assert "You get no more mail about answers." in done.text
    assert await pace(app) == "never"


async def test_the_button_of_the_mail_program_ends_it_too(app, mailbox, reader, bob):
    link, letter = await stop_link(app, mailbox, reader, bob)
    assert letter.message["list-unsubscribe"] == f"<http://testserver{link}>"
    assert letter.message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    # RFC 8058: no cookie, no Origin, no Referer.
    async with Client(app) as program:
        del program.headers["Origin"]
        answer = await program.post(link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert await pace(app) == "never"


async def pace(app) -> str:
    return (await row(app, "select answer_mail from accounts where name = 'alice'"))[0]


async def test_a_link_that_was_changed_or_is_of_nobody_does_nothing(app, mailbox, reader, bob, stranger):
    link, _ = await stop_link(app, mailbox, reader, bob)
    token = link.removeprefix("/unsubscribe/")
    other = token.replace(str(reader.account["id"]), str(bob.account["id"]), 1)
    for wrong in (token[:-1], other, "1", "x" * 500, token.upper()):
        for answer in (await stranger.get(f"/unsubscribe/{wrong}"), await stranger.post(f"/unsubscribe/{wrong}")):
            assert answer.status_code == 404
            assert "This link is not whole" in answer.text
    assert await pace(app) == "soon"


async def test_security_mail_has_no_such_link(app, mailbox):
    async with app.state.database.transaction() as connection:
        await app.state.mailer.send(connection, "alice@example.org", "mail/test.txt")
    assert (await mailbox.one(app)).message["list-unsubscribe"] is None
