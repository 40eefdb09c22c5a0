"""What really goes with an account and what stays, whenever the process is killed that is at it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from board.leaving import removal
from tests import look
from tests.factories import make_message, row
from tests.leaving import NAME, World, ask_to_go, come_due, gone, grown_up, removed, site
from tests.test_jobs import sweep


@pytest.fixture
async def world(busy_app, join) -> World:
    made = await World().make(busy_app, join)
    assert await made.wrong() == []
    return made


async def value(app, sql: str, *arguments):
    found = await row(app, sql, *arguments)
    return found and found[0]


async def test_messages_that_stay_are_by_nobody(world):
    await gone(world.alice, "keep")
    assert await world.wrong() == []
    stranger = world.stranger
    for path in ("/", world.hers.path, world.his.path, f"/messages/{world.answer}/history"):
        page = await stranger.open(path)
        assert "deleted person" in page.text, path
        assert NAME not in page.text.replace("\\", ""), path
        assert not [link for link in look.links(look.tree(page)) if link.startswith("/people/") and "bob" not in link]
    page = await stranger.open(world.his.path)
    assert "Her words." in look.words(look.message(page, world.answer))
    assert len(list(look.message(page, world.answer).iter("img"))) == 2
    assert "Her first words." in (await stranger.open(f"/messages/{world.answer}/history")).text
    assert "deleted person: Her words." in look.words(look.message(page, world.quoting))
    assert "Truly said." in look.words(look.message(page, world.quoting))
    assert "Deleted by its author" in look.words(look.message(page, world.deleted))
    assert "Removed by a moderator" in look.words(look.message(page, world.removed))
    assert NAME not in (await stranger.open(f"/messages/{world.quoting}/history")).text
    quote = await world.bob.open(f"{world.his.path}?reply={world.answer}")
    assert "> **deleted person:**" in look.fields(look.form(quote))["text"]


async def test_what_stays_can_be_answered_voted_on_and_moderated_but_not_changed_by_anybody(world):
    await gone(world.alice, "keep")
    sent = await look.submit(
        world.bob, await world.bob.open(world.hers.path), text="Still here.", reply_to=world.answer
    )
    assert sent.status_code == 303
    assert (await world.mod.post(f"/messages/{world.answer}/vote", data={"value": 1})).status_code == 303
    assert (await world.bob.get(f"/messages/{world.answer}/edit")).status_code == 404
    assert (await world.bob.post(f"/messages/{world.answer}/delete")).status_code == 404
    assert (await world.mod.post(f"/messages/{world.to_herself}/delete")).status_code == 303
    assert await world.wrong() == []
    assert (await world.mod.post(f"/messages/{world.to_herself}/restore")).status_code == 303
    assert await world.wrong() == []


async def test_messages_that_go_leave_the_place_of_their_answers(world):
    before = await value(world.app, "select count(*) from pictures")
    await gone(world.alice, "remove")
    assert await world.wrong() == []
    stranger = world.stranger
    page = await stranger.open(world.his.path)
    assert "Deleted by its author" in look.words(look.message(page, world.answer))
    assert "Truly said." in look.words(look.message(page, world.quoting))
    thread = await stranger.open(world.hers.path)
    assert "Title removed" in look.words(next(look.tree(thread).iter("h1")))
    assert "Deleted by its author" in look.words(look.message(thread, world.hers.opening))
    assert "Below the opening." in look.words(look.message(thread, world.under))
    assert (await stranger.get(world.alone.path)).status_code == 404
    assert "Title removed" in (await stranger.open("/")).text
    assert "lonely" not in (await stranger.open("/")).text
    assert (await stranger.open("/?sort=top&period=all")).status_code == 200
    await look.submit(world.bob, await world.bob.open(world.hers.path), text="It goes on.")
    assert await world.wrong() == []
    # Of her two pictures, every size of the one that nobody else shows.
    await sweep(site(world.app))
    assert before - await value(world.app, "select count(*) from pictures") == 1
    kept = {name.split("/")[1] async for name in world.app.state.storage.list()}
    assert kept == {await value(world.app, "select key from pictures")}


async def test_votes_that_were_given_stay_counted_and_nobody_can_tell_whose_they_were(world):
    counted = "select ups, downs from messages where id = $1"
    assert tuple(await row(world.app, counted, world.his.opening)) == (1, 0)
    await gone(world.alice, "keep")
    assert tuple(await row(world.app, counted, world.his.opening)) == (1, 0)
    assert tuple(await row(world.app, counted, world.under)) == (0, 1)
    assert await value(world.app, "select count(*) from votes where message_id = $1", world.his.opening) == 0
    await world.mod.post(f"/messages/{world.his.opening}/vote", data={"value": 1})
    assert tuple(await row(world.app, counted, world.his.opening)) == (2, 0)
    assert await world.wrong() == []


async def test_what_a_moderator_removed_stays_removed_by_a_moderator(world):
    await gone(world.mod, "keep")
    page = await world.stranger.open(world.his.path)
    assert "Removed by a moderator" in look.words(look.message(page, world.removed))
    assert await value(world.app, "select deleted_by from messages where id = $1", world.removed) is None
    await gone(world.alice, "keep")
    page = await world.stranger.open(world.his.path)
    assert "Removed by a moderator" in look.words(look.message(page, world.removed)), "by another one who left"
    assert "Deleted by its author" in look.words(look.message(page, world.deleted))


async def test_two_who_left_are_one_nobody(world):
    await gone(world.bob, "keep")
    await gone(world.alice, "remove")
    assert await world.wrong() == []
    authors = await value(world.app, "select array_agg(distinct author_id) from messages")
    assert authors == [-1]
    assert await value(world.app, "select count(*) from accounts") == 2


@pytest.mark.parametrize("messages", ["keep", "remove"])
async def test_it_is_finished_though_it_is_cut_off_after_each_statement_and_adds_up_in_between(
    world, messages, monkeypatch
):
    monkeypatch.setattr(removal, "BATCH", 2)
    monkeypatch.setattr(removal, "THREADS", 1)
    await ask_to_go(world.alice, messages)
    await come_due(world.app)
    await row(world.app, "delete from addresses")
    seen: set[str] = set()

    class Killed(Exception):
        pass

    def kill(statement: str, *_) -> None:
        if statement not in seen:
            seen.add(statement)
            raise Killed

    world.app.state.database.watchers.append(kill)
    gone = 0
    while not gone:
        try:
            gone = await removal.remove_departed(site(world.app))
        except Killed:
            assert await world.wrong() == [], seen
    assert {"leaving/begin", "leaving/hold_threads", "leaving/unsign_votes", "leaving/delete_account"} <= seen
    assert len(seen) >= 22, "it was cut off after each of its statements"
    assert await world.wrong() == []
    told = (await row(world.app, "select counts from receipts"))["counts"]
    assert told["messages_kept" if messages == "keep" else "messages"] == 6
    assert told["votes"] == 3


async def test_it_goes_on_after_sigkill_where_it_was(world):
    async with world.app.state.database.connection() as connection:
        for number in range(400):
            await connection.execute(
                "insert into messages (thread_id, author_id, text, html, form_key)"
                " values ($1, $2, 'Words.', '<p>Words.</p>', gen_random_uuid())",
                world.his.id,
                world.alice.account["id"] if number % 2 else world.bob.account["id"],
            )
        await connection.execute(
            "update threads set message_count = message_count + 400, others_points = others_points + 200,"
            " last_activity_at = (select max(created_at) from messages where thread_id = $1) where id = $1",
            world.his.id,
        )
    await ask_to_go(world.alice, "remove")
    await come_due(world.app)
    left = "select count(*) from messages where author_id = $1"
    before = await value(world.app, left, world.alice.account["id"])
    killed = 0
    while killed < 3:
        process = start(world.app.state.config)
        now = await value(world.app, left, world.alice.account["id"])
        while await value(world.app, left, world.alice.account["id"]) == now:
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed += 1
        assert await world.wrong() == []
    assert 0 < await value(world.app, left, world.alice.account["id"]) < before
    await removed(world.app)
    assert await value(world.app, "select 1 from accounts where id = $1", world.alice.account["id"]) is None
    assert await world.wrong() == []


def start(config) -> subprocess.Popen:
    """A process that removes in small batches, and rests a little after each."""
    work = (
        "import asyncio, sys; from board.kit.config import Config; from board.kit.db import Database;"
        "from board.kit.storage import Storage; from board.kit.worker import Site; from board.leaving import removal\n"
        "async def main():\n"
        "    config = Config(database_url=sys.argv[1], storage_url=sys.argv[2]); database = Database.of(config)\n"
        "    await database.connect(); removal.BATCH = 3\n"
        "    await removal.remove_departed(Site(config, database, Storage(config.pictures_url)))\n"
        "asyncio.run(main())"
    )
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-c", work, config.database_url, config.storage_url]
    return subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})


async def test_one_account_that_can_not_go_does_not_hold_up_the_next(world, join):
    carol = await grown_up(await join("carol", app=world.app))
    await ask_to_go(carol, "keep")
    await ask_to_go(world.alice, "keep")
    await come_due(world.app)
    await row(
        world.app, "update departures set due_at = now() - interval '1 day' where account_id = $1", carol.account["id"]
    )
    await row(world.app, "delete from addresses")
    await row(world.app, "create table holds (account_id bigint references accounts)")
    await row(world.app, "insert into holds values ($1)", carol.account["id"])
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await removal.remove_departed(site(world.app))
    assert await value(world.app, "select count(*) from departures") == 1
    await row(world.app, "delete from holds")
    assert await removal.remove_departed(site(world.app)) == 1


async def test_what_came_in_at_the_last_moment_goes_too(world):
    """Sent before the doors were closed, stored after all batches: the last look finds it, the next round takes it."""
    await ask_to_go(world.alice, "remove")
    await come_due(world.app)
    await row(world.app, "delete from addresses")
    written = []

    async def write(*_) -> bool:
        if not written:
            written.append(await make_message(world.alice, world.his, "At the last moment."))
        return True

    told, removal._is_told = removal._is_told, write
    try:
        assert await removal.remove_departed(site(world.app)) == 0
    finally:
        removal._is_told = told
    assert await removal.remove_departed(site(world.app)) == 1
    assert await value(world.app, "select text from messages where id = $1", written[0]) == ""
    assert await world.wrong() == []
