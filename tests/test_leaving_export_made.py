"""The page of the export: asking, waiting, downloading; and what happens when the making goes wrong."""

import random
import tracemalloc

import pytest

from board import jobs
from board.kit.worker import Worker
from board.leaving import archive, contents, exports
from tests import look
from tests.conftest import Client
from tests.factories import make_message, make_thread, row
from tests.leaving import ask_for_export, downloaded, exported, gone, grown_up, make_exports, site, store, stored


@pytest.fixture
async def alice(join, app) -> Client:
    """Wrote it, and has a password."""
    return await grown_up(await join("alice"), "alice@example.org")


async def part(client: Client) -> str:
    """What htmx asks for again and again."""
    return (await client.fragment("GET", "/account/export")).text


async def link(client: Client) -> str:
    (found,) = [each for each in look.links(look.tree(await client.open("/account/export"))) if "/exports/" in each]
    return found


async def test_it_is_asked_for_waited_for_told_of_and_downloaded(app, alice, thread, mailbox):
    assert (await ask_for_export(alice)).headers["location"] == "/account/export"
    page = await alice.open("/account/export")
    assert "Being made" in page.text and "<progress>" in page.text
    assert "current_password" not in page.text, "one at a time"
    assert 'data-hx-trigger="every' in await part(alice)
    await make_exports(app)
    ready = await part(alice)
    assert "data-hx-trigger" not in ready, "it stops asking"
    assert "Download the ZIP" in ready and "<html" not in ready
    letter = await mailbox.one(app)
    assert "A copy of everything" in letter.text
    answer = await alice.open(await link(alice))
    assert answer.headers["content-disposition"].startswith('attachment; filename="board-20')
    assert answer.headers["cache-control"] == "private, no-store"
    assert len(answer.content) == int(answer.headers["content-length"])


async def test_how_far_it_is_stands_on_the_page(app, alice, thread, monkeypatch):
    monkeypatch.setattr(contents, "PAGE", 2)
    for _ in range(4):
        await make_message(alice, thread)
    await ask_for_export(alice)
    seen = []
    note = exports._note_progress

    async def look_in_between(connection, **parameters):
        found = await note(connection, **parameters)
        export = await connection.fetchrow("select done, total from exports")
        seen.append(tuple(export))
        return found

    monkeypatch.setattr(exports, "_note_progress", look_in_between)
    await make_exports(app)
    assert seen == [(2, 5), (4, 5), (5, 5)]
    await row(app, "update exports set finished_at = null, done = 4")
    assert "4 of 5 messages and pictures" in await part(alice)


async def test_it_is_made_once_a_day(app, alice):
    assert (await ask_for_export(alice)).status_code == 303
    assert (await ask_for_export(alice)).status_code == 303
    assert len(await make_exports(app)) == 1, "sent twice"
    page = await alice.open("/account/export")
    assert "You can ask for another after" in page.text
    await ask_for_export(alice)
    assert await make_exports(app) == []
    await row(app, "update exports set asked_at = asked_at - interval '25 hours'")
    await ask_for_export(alice)
    assert len(await make_exports(app)) == 1
    assert (await row(app, "select count(*) from exports"))[0] == 2


async def test_it_takes_the_password(app, alice):
    answer = await ask_for_export(alice, current_password="not my password")
    assert answer.status_code == 422
    assert len(look.errors(answer)) == 1
    assert "not my password" not in answer.text
    assert (await alice.post("/account/export", data={})).status_code == 400
    assert await row(app, "select 1 from exports") is None


async def test_nobody_else_gets_it(app, alice, bob, admin, stranger):
    await exported(alice)
    address = await link(alice)
    for client in (bob, admin):
        assert (await client.get(address)).status_code == 404
    assert (await stranger.get(address)).headers["location"].startswith("/sign-in")
    place = (await row(app, "select place from exports"))[0].hex
    for path in (f"/pictures/exports/{place}", f"/pictures/{place}/000000", f"/pictures/exports%2F{place}/000000"):
        assert (await stranger.get(path)).status_code == 404


async def test_a_download_that_broke_goes_on_where_it_stopped(app, alice, thread, monkeypatch):
    monkeypatch.setattr(archive, "PIECE", 1000)
    for number in range(30):
        await make_message(alice, thread, f"{random.Random(number).randbytes(200).hex()}")
    await exported(alice)
    address = await link(alice)
    whole = await alice.open(address)
    data, tag = whole.content, whole.headers["etag"]
    assert whole.headers["accept-ranges"] == "bytes"
    assert len(data) > 5000
    for wanted, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=999-1000", 999, 1001),
        ("bytes=1500-", 1500, len(data)),
        ("bytes=-700", len(data) - 700, len(data)),
        (f"bytes=10-{len(data) * 2}", 10, len(data)),
        ("bytes=1000-1999", 1000, 2000),
    ):
        answer = await alice.get(address, headers={"Range": wanted, "If-Range": tag})
        assert answer.status_code == 206
        assert answer.content == data[start:end], wanted
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(data)}"
    for wanted in (f"bytes={len(data)}-", "bytes=5-4", "bytes=-0"):
        answer = await alice.get(address, headers={"Range": wanted})
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(data)}")
    for headers in ({"Range": "bytes=0-1,3-4"}, {"Range": "lines=1-2"}, {"Range": "bytes=0-1", "If-Range": '"old"'}):
        answer = await alice.get(address, headers=headers)
        assert (answer.status_code, answer.content) == (200, data)


async def test_after_a_week_it_is_gone_with_its_files(app, alice):
    await exported(alice)
    address = await link(alice)
    assert await stored(app) != []
    assert await jobs.run_once(site(app), jobs.tidy_leaving) == 0
    later = "update exports set asked_at = asked_at - interval '8 days', finished_at = finished_at - interval '8 days'"
    await row(app, later)
    assert (await alice.get(address)).status_code == 404, "before the job comes by too"
    assert "Download" not in (await alice.open("/account/export")).text
    assert await jobs.run_once(site(app), jobs.tidy_leaving) == 1
    assert await stored(app) == []
    assert (await alice.get(address)).status_code == 404


async def test_it_is_made_anew_after_its_process_died(app, alice, thread, monkeypatch):
    monkeypatch.setattr(archive, "PIECE", 200)
    await make_message(alice, thread, "Words. " * 500)
    await ask_for_export(alice)
    close = archive.Archive.close

    async def die(self) -> int:
        raise ConnectionError("as if it had been killed")

    monkeypatch.setattr(archive.Archive, "close", die)
    assert isinstance((await make_exports(app))[0], ConnectionError)
    left = {name.split("/")[0] for name in await stored(app)}
    assert len(left) == 1
    monkeypatch.setattr(archive.Archive, "close", close)
    await row(app, "update jobs set run_at = now() where kind = 'make_export'")
    await make_exports(app)
    now = {name.split("/")[0] for name in await stored(app)}
    assert len(now) == 1 and now != left, "nothing of the first try is left"
    assert "index.html" in (await downloaded(alice)).namelist()


async def test_who_began_it_before_does_not_finish_it(app, alice, monkeypatch):
    await ask_for_export(alice)
    write = contents.write

    async def overtaken(*arguments) -> None:
        await row(app, "update exports set place = gen_random_uuid()")
        await write(*arguments)

    monkeypatch.setattr(contents, "write", overtaken)
    assert await make_exports(app) == [0]
    assert await stored(app) == []
    assert (await row(app, "select finished_at from exports"))[0] is None


async def test_one_that_was_never_finished_is_given_up_and_another_can_be_asked_for(app, alice):
    await ask_for_export(alice)
    await row(app, "update exports set asked_at = now() - interval '25 hours', place = gen_random_uuid()")
    place = (await row(app, "select place from exports"))[0].hex
    await store(app).put(f"{place}/000000", b"half")
    page = await alice.open("/account/export")
    assert "could not be made" in page.text and "current_password" in page.text
    assert await jobs.run_once(site(app), jobs.tidy_leaving) == 1
    assert await stored(app) == []
    assert (await ask_for_export(alice)).status_code == 303
    assert "Being made" in await part(alice)


async def test_files_that_are_lost_are_told(app, alice):
    await exported(alice)
    await store(app).delete(await stored(app))
    answer = await alice.get(await link(alice))
    assert answer.status_code == 404
    assert "Ask for another" in answer.text


async def test_an_account_that_goes_takes_its_exports_along(app, alice):
    await exported(alice)
    await gone(alice)
    assert await stored(app) == []
    assert await row(app, "select 1 from exports") is None


async def test_a_large_export_takes_little_memory(busy_app, join):
    """8,000 messages of 4 KB that hardly compress, and 100 pictures of 1 MB: 130 MB through 20 of memory."""
    alice = await grown_up(await join("alice", app=busy_app))
    thread = await make_thread(alice)
    async with busy_app.state.database.connection() as connection:
        await connection.execute(
            """
            insert into messages (thread_id, author_id, text, html, form_key)
            select $1, $2, words, '<p>' || words || '</p>', gen_random_uuid()
            from generate_series(1, 8000) n
            cross join lateral (
                select string_agg(md5((n * 1000 + part)::text), ' ') as words from generate_series(1, 60) part
            ) made
            """,
            thread.id,
            alice.account["id"],
        )
        await connection.execute(
            """
            insert into pictures (key, width, height, widths, fallback, animated, bytes)
            select md5(n::text), 4, 3, '{160}', 160, false, 999 from generate_series(1, 100) n
            """
        )
        await connection.execute(
            """
            insert into message_pictures (message_id, position, picture_key)
            select $1 + n, 0, md5(n::text) from generate_series(1, 100) n
            """,
            thread.opening,
        )
        keys = [key for (key,) in await connection.fetch("select key from pictures")]
    for key in keys:
        await busy_app.state.storage.put(f"{key[:2]}/{key}/160.webp", random.randbytes(1_000_000))
    await ask_for_export(alice)
    worker = Worker(site(busy_app), {exports.MAKE: jobs.KINDS[exports.MAKE]}, [])
    tracemalloc.start()
    try:
        sizes = [result async for _, result in worker.drain()]
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    print(f"{sizes[0] / 1e6:.0f} MB, at most {most / 1e6:.1f} MB of memory")
    assert sizes[0] > 110_000_000
    assert most < 25_000_000
