"""The mail server is away, busy, slow, asks for a password or says never: nothing is lost, and nothing comes twice."""

import asyncio
import contextlib
import dataclasses
import os
import subprocess
import sys
import threading

import asyncpg
import pytest

from board import jobs, mail
from board.kit import mail as kit_mail
from board.kit.errors import Problem, Unavailable
from board.mail import Mailer, sending
from tests.mailbox import Mailbox, certify, send_due
from tests.work import empty, rows, until


@pytest.fixture
def site(mailbox, own_site):
    """A site on a database of its own, whose mail goes to the mailbox."""
    return own_site


async def write(site, to: str = "alice@example.org") -> int:
    async with site.database.transaction() as connection:
        return await Mailer(site.config).send(connection, to, "mail/test.txt")


async def kept(site, mail_id: int) -> tuple[str, str | None, bool]:
    """The state of a mail, why it failed, and whether its text is there."""
    (found,) = await rows(site, "select state, error, text <> '' from mails where id = $1", mail_id)
    return tuple(found)


async def send_again(site) -> list:
    """Do what waits for its next try."""
    await rows(site, "update jobs set run_at = now()")
    return await send_due(site)


async def test_a_server_that_says_never_is_believed(site, mailbox):
    mailbox.answers = ["550 5.1.1 No such user", "250 OK"]
    mailbox.data_answers = ["554 5.7.1 This looks like spam"]
    first, second = await write(site), await write(site)
    assert await send_due(site) == [None, None]
    assert await empty(site)()
    assert mailbox.arrived == []
    assert await kept(site, first) == ("failed", "The mail server refused the address (550). 5.1.1 No such user", True)
    refused = "The mail server refused the mail (554). 5.7.1 This looks like spam"
    assert await kept(site, second) == ("failed", refused, True)


async def test_a_server_that_is_busy_is_asked_again(site, mailbox):
    mailbox.answers, mailbox.data_answers = (
        ["451 4.7.1 Greylisted, come back", "250 OK"],
        ["452 4.3.1 The disk is full"],
    )
    mail_id = await write(site)
    told = []
    for answer in ("4.7.1 Greylisted, come back", "4.3.1 The disk is full"):
        (error,) = await send_again(site)
        assert isinstance(error, Unavailable)
        told.append(error.sentence)
        state, why, has_text = await kept(site, mail_id)
        assert (state, why, has_text) == ("waiting", f"{error.sentence} {answer}", True)
    assert told == [
        f"The mail server can not take {what} now ({code})." for what, code in (("the address", 451), ("the mail", 452))
    ]
    assert await send_again(site) == [None]
    assert await kept(site, mail_id) == ("sent", None, False)
    assert len(mailbox.arrived) == 1


async def test_a_server_that_is_away_and_comes_back_gets_all(site, mailbox):
    ids = [await write(site, f"reader{number}@example.org") for number in range(3)]
    mailbox.stop()
    assert [type(each) for each in await send_due(site)] == [Unavailable] * 3
    assert "can not be reached, or not safely: look at SMTP_URL. Error connecting" in (await kept(site, ids[0]))[1]
    mailbox.start()
    assert await send_again(site) == [None] * 3
    assert sorted(each.to for each in mailbox.arrived) == [f"reader{number}@example.org" for number in range(3)]


async def test_it_is_tried_for_a_day_and_then_given_up(site, mailbox):
    mailbox.stop()
    mail_id = await write(site)
    attempts = jobs.KINDS[mail.SEND].attempts
    # With the shortest pauses there are: half of 5 s, 10 s, 20 s and so on up to an hour.
    assert sum(min(5 * 2**attempt, 3600) / 2 for attempt in range(attempts)) > 24 * 3600
    await rows(site, "update mails set useful_until = now() - interval '1 s'")
    assert await send_due(site) == [None]
    assert await kept(site, mail_id) == ("failed", "It could not be sent while it was of use.", True)


async def test_a_server_that_is_too_slow_is_tried_again_with_the_same_name(site, mailbox, monkeypatch):
    monkeypatch.setattr(kit_mail, "SECONDS", 0.3)
    let_go = threading.Event()
    mailbox.meanwhile = lambda: asyncio.to_thread(let_go.wait, 10)
    mail_id = await write(site)
    (error,) = await send_due(site)
    assert str(error) == "The mail server does not answer in time."
    let_go.set()
    assert await send_again(site) == [None]
    assert (await kept(site, mail_id))[0] == "sent"
    # It had the first one: the same mail, as every mailbox can tell.
    assert len({each.message["message-id"] for each in mailbox.arrived}) == 1


async def test_a_worker_that_is_told_to_stop_finishes_the_mail_that_it_sends(site, mailbox):
    begun, let_go = threading.Event(), threading.Event()

    async def hold() -> None:
        begun.set()
        await asyncio.to_thread(let_go.wait, 10)

    mailbox.meanwhile = hold
    mail_id = await write(site)
    # As a worker does it that has to end.
    task = asyncio.create_task(sending.send_mail(site, {"mail": mail_id}))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await kept(site, mail_id))[0] == "sent"
    assert await send_again(site) == [None]
    assert len(mailbox.arrived) == 1


async def test_a_database_that_is_away_when_a_mail_was_sent_is_told_later(site, mailbox, own_database, monkeypatch):
    monkeypatch.setattr(sending, "_MARK_SECONDS", (0, 0.1, 0.1, 0.1, 0.1))

    async def end_connections() -> None:
        other = await asyncpg.connect(own_database)
        await other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        await other.close()

    mailbox.meanwhile = end_connections
    mail_id = await write(site)
    await send_due(site)
    assert (await kept(site, mail_id))[0] == "sent"
    assert len(mailbox.arrived) == 1


async def test_a_process_that_is_killed_before_it_could_say_so_sends_the_same_mail_again(site, mailbox):
    mail_id = await write(site)
    with process(site) as running:

        async def kill() -> None:
            running.kill()

        mailbox.meanwhile = kill
        await until(lambda: _is(running.poll() is not None))
    mailbox.meanwhile = None
    assert (await kept(site, mail_id))[0] == "waiting"
    (error,) = await send_again(site)
    assert isinstance(error, Problem), "its process died over it: not at once"
    assert await send_again(site) == [None]
    assert (await kept(site, mail_id))[0] == "sent"
    assert len(mailbox.arrived) == 2
    assert len({each.data for each in mailbox.arrived}) == 1, "to the last byte"


async def _is(true: bool) -> bool:
    return true


@contextlib.contextmanager
def process(site):
    """`board jobs run` in a process of its own."""
    settings = {"DATABASE_URL": site.config.database_url, "SMTP_URL": site.config.smtp_url}
    settings |= {"PUBLIC_ORIGIN": site.config.public_origin, "DATA_DIR": str(site.config.data_dir)}
    running = subprocess.Popen([sys.executable, "-m", "board", "jobs", "run"], env={**os.environ, **settings})
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate of 127.0.0.1 that this machine believes."""
    context, path = certify(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return context


@contextlib.contextmanager
def another(site, **options):
    """A site that sends to a mail server of another kind."""
    box = Mailbox(**options)
    try:
        yield box, dataclasses.replace(site, config=dataclasses.replace(site.config, smtp_url=box.url))
    finally:
        box.stop()


@pytest.mark.parametrize("implicit", [True, False])
async def test_mail_goes_under_tls(own_site, certificate, implicit):
    with another(own_site, tls=certificate, implicit=implicit) as (box, site):
        await write(site)
        assert await send_due(site) == [None]
    assert [each.secure for each in box.arrived] == [True]


async def test_a_server_with_a_certificate_that_nobody_knows_gets_nothing(own_site, certificate, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    for implicit in (True, False):
        with another(own_site, tls=certificate, implicit=implicit) as (box, site):
            mail_id = await write(site)
            (error,) = await send_due(site)
            assert isinstance(error, Unavailable)
            assert "not safely" in (await kept(site, mail_id))[1]
            await rows(site, "delete from jobs")
        assert (box.arrived, box.tries) == ([], 0)


async def test_a_server_that_offers_no_tls_where_it_is_due_gets_nothing(site, mailbox):
    stern = dataclasses.replace(site, config=dataclasses.replace(site.config, smtp_url=mailbox.url + "?tls=on"))
    await write(stern)
    (error,) = await send_due(stern)
    assert "not safely" in error.sentence
    assert (mailbox.arrived, mailbox.tries) == ([], 0)


async def test_the_name_and_password_of_the_settings_are_given(own_site, certificate):
    with another(own_site, tls=certificate, password="p:/ @?") as (box, site):
        await write(site)
        assert await send_due(site) == [None]
    assert [each.username for each in box.arrived] == ["board"]


async def test_a_wrong_password_is_the_boards_to_mend_and_costs_no_mail(own_site, certificate, caplog):
    with another(own_site, tls=certificate, password="the right one") as (box, site):
        wrong = site.config.smtp_url.replace("right", "wr0ng")
        astray = dataclasses.replace(site, config=dataclasses.replace(site.config, smtp_url=wrong))
        mail_id = await write(astray)
        (error,) = await send_due(astray)
        assert str(error) == "The mail server refused the name and password of SMTP_URL (535)."
        assert (await kept(astray, mail_id))[::2] == ("waiting", True)
        assert await send_again(site) == [None]
    assert len(box.arrived) == 1
    assert "wr0ng" not in caplog.text
