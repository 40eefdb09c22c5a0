"""The page of every part: who sees it, and that it says what is wrong and what to do, whatever is away."""

import asyncio
import dataclasses
import re
import shutil
from collections import namedtuple
from pathlib import Path

import asyncpg
import httpx
import pytest

from board.app import create_app
from tests import look
from tests.conftest import Client
from tests.test_health import outside, probe  # fixtures  # noqa: F401
from tests.test_peers import at

TOKEN = "a token of many letters"


def parts(answer: httpx.Response) -> dict[str, tuple[str, str]]:
    """Of each part its state, and all that is said of it."""
    found = {}
    for section in look.tree(answer).iter("section"):
        title = next(section.iter("h2"))
        words = look.words(next(title.iter("b")))
        found[look.words(title).removesuffix(words).strip()] = (
            section.get("class").removeprefix("part "),
            words,
            look.words(section),
        )
    return {name: (state, said) for name, (state, words, said) in found.items() if words}


async def add(connection, kind: str, hours: float, problem: str | None = None, missing: int = 0) -> None:
    """Note what became of a backup that ended so long ago."""
    await connection.execute(
        "insert into backups (kind, name, started_at, finished_at, problem, bytes, missing)"
        " values ($1, 'x', now(), now() - make_interval(mins => $2), $3, 5000000, $4)",
        kind,
        int(hours * 60),
        problem,
        missing,
    )


@pytest.fixture
async def page(app):
    """Opens the page from a network that may, and looks at the parts anew each time."""

    async def open() -> httpx.Response:
        app.state.vitals.facts.seconds = app.state.vitals.storage_trouble.seconds = 0
        async with Client(app) as client:
            return await client.get("/health")

    return open


async def test_admins_see_it_wherever_they_are(app, join):
    for name, role, status in (("ada", "admin", 200), ("morag", "moderator", 403), ("bob", "member", 403)):
        person = await join(name, role)
        async with at(app, "203.0.113.9", cookies=person.cookies) as away:
            answer = await away.get("/health")
            assert answer.status_code == status, answer.text
            assert ("PostgreSQL" in answer.text) == (status == 200)


async def test_a_stranger_is_asked_to_sign_in(app):
    async with at(app, "203.0.113.9") as away:
        answer = await away.get("/health")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/health")


async def test_a_token_opens_it_from_anywhere(config, database):
    app = create_app(dataclasses.replace(config, metrics_token=TOKEN), database, with_jobs=False)
    async with app.router.lifespan_context(app), at(app, "203.0.113.9") as away:
        assert (await away.get("/health", headers={"Authorization": f"Bearer {TOKEN}"})).status_code == 200
        assert (await away.get("/health", headers={"Authorization": "Bearer other"})).status_code == 303


async def test_only_who_runs_the_board_is_shown_the_way(admin, mod, stranger):
    for client, shown in ((admin, True), (mod, False), (stranger, False)):
        assert ('href="/health"' in (await client.open("/")).text) == shown


async def test_every_part_is_there_and_says_how_it_does(page):
    answer = await page()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    found = parts(answer)
    assert list(found) == [
        *("Database", "Picture store", "Work in the queue", "Mail", "Backups", "Disk", "This process", "Versions")
    ]
    assert {name for name, (state, _) in found.items() if state != "ok"} == {"Backups"}
    assert re.search(r"Version 18\.\d+.*Size \d+(\.\d+)? MB.*Connections \d+ of \d+", found["Database"][1])
    assert re.search(r"GB of .* free", found["Disk"][1])
    assert "Starlette 1." in found["Versions"][1]
    assert '<a href="/jobs">Work in the queue</a>' in answer.text


async def test_the_state_is_told_in_words_and_not_by_colour_alone(page):
    answer = await page()
    assert "well" in parts(answer)["Database"][1]
    assert "worth a look" in parts(answer)["Backups"][1]


@pytest.mark.parametrize(
    ("runs", "state", "sentence"),
    [
        ([], "warn", "There is no backup yet: board backup makes one, and BACKUP_HOURS=24"),
        ([("backup", 25)], "ok", "Last backup"),
        ([("backup", 27)], "bad", "None went well in the last 26 hours"),
        ([("backup", 30), ("backup", 1, "The bucket is full.")], "bad", "The last backup failed: The bucket is full."),
        ([("backup", 3, "The bucket is full."), ("backup", 1)], "ok", "Last backup"),
        ([("backup", 1), ("drill", 1, "A picture is damaged.")], "bad", "The last drill failed: A picture is damaged."),
        ([("backup", 1, None, 3)], "warn", "missed 3 pictures"),
    ],
)
async def test_backups_are_old_or_failed_or_well(app, page, runs, state, sentence):
    async with app.state.database.connection() as connection:
        for run in runs:
            await add(connection, *run)
    answer = await page()
    found = parts(answer)["Backups"]
    assert found[0] == state
    assert sentence in found[1]
    assert answer.status_code == (503 if state == "bad" else 200)


@pytest.mark.parametrize(
    ("job", "state", "sentence"),
    [
        ("now() - interval '30 s', null", "ok", "Oldest 30 s"),
        ("now() - interval '5 min', null", "warn", "Work waits long"),
        ("now() - interval '1 h', null", "bad", "Work waits long"),
        ("now(), now()", "warn", "failed too often"),
    ],
)
async def test_work_that_waits_or_failed_is_told(app, page, job, state, sentence):
    async with app.state.database.connection() as connection:
        await connection.execute(f"insert into jobs (kind, run_at, dead_at) values ('sweep', {job})")
    found = parts(await page())["Work in the queue"]
    assert found[0] == state
    assert sentence in found[1]


@pytest.mark.parametrize(
    ("mail", "state", "sentence"),
    [
        ("'shown', now() - interval '1 day', now()", "ok", "SMTP_URL is not set To be read 1"),
        ("'waiting', now() - interval '5 min', null", "ok", "none"),
        ("'waiting', now() - interval '1 h', null", "warn", "Mail waits long"),
        ("'waiting', now() - interval '7 h', null", "bad", "Mail waits long"),
        ("'failed', now(), now()", "warn", "refused for good"),
    ],
)
async def test_mail_that_waits_or_failed_is_told(app, page, mail, state, sentence):
    async with app.state.database.connection() as connection:
        await connection.execute(
            "insert into mails (template, recipient, subject, text, useful_until, state, created_at, ended_at)"
            f" values ('', '', '', '', now(), {mail})"
        )
    found = parts(await page())["Mail"]
    assert found[0] == state
    assert sentence in found[1]


@pytest.mark.parametrize(("free", "state"), [(20, "ok"), (10, "warn"), (2, "bad")])
async def test_a_disk_that_fills_up_is_told(page, monkeypatch, free, state):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100 * 10**9, (100 - free) * 10**9, free * 10**9))
    assert parts(await page())["Disk"][0] == state


async def test_each_disk_is_told_once_whatever_lies_on_it(config, database, tmp_path, monkeypatch):
    beside = tmp_path / "a disk beside"
    beside.mkdir()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100, 50, 1 if path == beside else 50))
    real = Path.stat
    other = namedtuple("other", "st_dev st_mode")
    monkeypatch.setattr(
        Path, "stat", lambda path, **how: other(-1, real(path).st_mode) if path == beside else real(path, **how)
    )
    settings = dataclasses.replace(config, storage_url=beside.as_uri())
    app = create_app(settings, database, with_jobs=False)
    async with app.router.lifespan_context(app), Client(app) as client:
        found = parts(await client.get("/health"))["Disk"]
    assert found[0] == "bad"
    assert "Data 50 B of 100 B free" in found[1]
    assert "Pictures 1 B of 100 B free" in found[1]
    assert "Backups" not in found[1]


async def test_a_store_that_can_not_be_written_is_told_and_one_that_can_keeps_nothing(app, page, tmp_path):
    assert parts(await page())["Picture store"][0] == "ok"
    assert not [each for each in (tmp_path / "pictures").rglob("*") if each.is_file()]
    shutil.rmtree(tmp_path / "pictures")
    (tmp_path / "pictures").write_text("This is no folder.")
    answer = await page()
    assert parts(answer)["Picture store"][0] == "bad"
    assert "the log says why" in answer.text
    assert answer.status_code == 503


async def test_the_store_is_tried_once_a_minute_however_often_somebody_looks(app, stranger):
    put, tried = app.state.storage.put, []

    async def counted(name, data):
        tried.append(name)
        await put(name, data)

    app.state.storage.put = counted
    await asyncio.gather(*(stranger.get("/health") for _ in range(5)))
    await stranger.get("/health")
    assert len(tried) == 1


async def test_with_the_database_away_it_says_so(busy_app, probe, server, own_database, join):  # noqa: F811
    ada = await join("ada", "admin", app=busy_app)
    beside = await asyncpg.connect(server)
    name = own_database.partition("?")[0].rpartition("/")[2]
    await beside.execute(f"alter database {name} allow_connections false")
    await beside.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    answer = await probe.get("/health")
    assert answer.status_code == 503
    assert parts(answer)["Database"][0] == "bad"
    assert "look whether it runs" in parts(answer)["Database"][1]
    assert "Picture store" in parts(answer)
    assert "Work in the queue" not in parts(answer)
    async with at(busy_app, "203.0.113.9", cookies=ada.cookies) as away:
        answer = await away.get("/health")
        assert answer.status_code == 503
        assert "nobody can be recognised" in answer.text
    await beside.execute(f"alter database {name} allow_connections true")
    await beside.close()


async def test_with_a_database_that_hangs_it_is_there_in_time(busy_app, probe, outside):  # noqa: F811
    vitals = busy_app.state.vitals
    vitals.lacks.patience = vitals.facts.patience = 0.2
    async with outside.transaction():
        await outside.execute("lock table migrations, jobs in access exclusive mode")
        async with asyncio.timeout(5):
            answers = await asyncio.gather(*(probe.get("/health") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {503}
        assert "does not answer in time" in answers[0].text
        # Twenty who look take two connections of the pool, not twenty.
        assert busy_app.state.database.pool.held <= 2
