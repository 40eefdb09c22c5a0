"""A copy of everything: complete, readable offline, private, and made in little memory."""

import posixpath
import zipfile
from urllib.parse import urldefrag, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest

from board.leaving import contents, kinds
from tests import look, photos
from tests.factories import make_message, make_thread, row
from tests.leaving import (
    NAME,
    World,
    exported,
    rows,
)


def pages(found: zipfile.ZipFile) -> dict[str, Element]:
    """The pages of the mini-site, each read strictly."""
    texts = {name: found.read(name).decode() for name in found.namelist() if name.endswith(".html")}
    return {
        name: html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text) for name, text in texts.items()
    }


def leads(page: Element) -> list[str]:
    """Where everything on a page leads."""
    return [each.get(name, "") for each in page.iter() for name in ("href", "src") if each.get(name) is not None]


@pytest.fixture
async def world(busy_app, join) -> World:
    return await World().make(busy_app, join)


async def test_it_is_a_site_that_works_from_a_folder(world):
    found = await exported(world.alice)
    site_ = pages(found)
    ids = {name: {each.get("id") for each in page.iter() if each.get("id")} for name, page in site_.items()}
    for name, page in site_.items():
        assert not list(page.iter("script")) and not list(page.iter("form"))
        for link in leads(page):
            path, fragment = urldefrag(link)
            if urlsplit(link).scheme:
                assert link.startswith(("http://testserver/", "https://", "mailto:"))
                continue
            assert not path.startswith("/"), link
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert target in found.namelist(), (name, link)
            assert not fragment or fragment in ids[target], (name, link)
    # From the first page everything can be reached.
    reached, todo = set(), ["index.html"]
    while todo:
        name = todo.pop()
        reached.add(name)
        for link in leads(site_.get(name, Element("x"))):
            if not urlsplit(link).scheme:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), urldefrag(link)[0]))
                todo += [target] if target not in reached else []
    assert reached == set(found.namelist())


async def test_it_holds_what_the_tables_hold(world):
    found = await exported(world.alice)
    own = world.alice.account["id"]
    messages = rows(found, "messages")
    assert [each["id"] for each in messages] == sorted(
        [world.hers.opening, world.alone.opening, world.answer, world.to_herself]
    )
    answer = next(each for each in messages if each["id"] == world.answer)
    stored_ = await row(world.app, "select * from messages where id = $1", world.answer)
    for name in ("id", "thread_id", "text", "html", "revision", "ups", "downs"):
        assert answer[name] == stored_[name], name
    assert (answer["thread_title"], answer["board"], answer["opening"]) == ("His title", "General", False)
    assert rows(found, "revisions") == [
        {
            "message_id": world.answer,
            "revision": 0,
            "html": "<p>Her first words.</p>",
            "written_at": answer["created_at"],
        }
    ]
    assert [each["title"] for each in rows(found, "threads")] == ["Her title", "A lonely title"]
    assert rows(found, "account")[0]["name"] == NAME
    assert [each["address"] for each in rows(found, "addresses")] == ["alice@example.org"]
    assert len(rows(found, "sessions")) == 1
    votes = await row(
        world.app,
        "select array_agg(message_id order by message_id) from votes where account_id = $1 and value <> 0",
        own,
    )
    assert [each["message_id"] for each in rows(found, "votes")] == votes[0]
    assert len(answer["pictures"]) == 2
    for picture in answer["pictures"]:
        stored_picture = await world.app.state.storage.get(
            f"{picture['key'][:2]}/{picture['key']}/{picture['widths'][-1]}.webp"
        )
        assert found.read(f"pictures/{picture['key']}.webp") == stored_picture


async def test_nothing_that_others_wrote_is_in_it(world):
    found = await exported(world.alice)
    everything = b"".join(found.read(name) for name in found.namelist()).decode(errors="replace")
    for words in ("His opening", "Below the opening", "Well said", "Truly said", "morag"):
        assert words not in everything, words
    assert "His title" in everything
    assert "Deleted by herself" not in everything
    assert "Removed by a moderator" not in everything
    bobs = await exported(world.bob)
    assert "alice@example.org" not in "".join(bobs.read(name).decode(errors="replace") for name in bobs.namelist())
    assert rows(bobs, "messages")[1]["answers_author"] == NAME, "whom he answered"


async def test_links_in_messages_lead_to_the_board(world):
    text = "[up](/threads/1) [beside](2?a=b#c) [top](#main) [far](https://example.org/a?b&c) [odd](http://[1)"
    await make_message(world.alice, world.hers, text)
    page = next(text for name, text in pages(await exported(world.alice)).items() if name.startswith("messages/"))
    links = leads(page)
    for link in (
        "http://testserver/threads/1",
        "http://testserver/messages/2?a=b#c",
        "https://example.org/a?b&c",
    ):
        assert link in links, links


async def test_every_kind_says_what_its_fields_are(world, template):
    found = await exported(world.alice)
    for kind in kinds.KINDS:
        for each in rows(found, kind.name):
            assert list(each) == list(kind.fields), kind.name


async def test_every_table_about_people_is_in_it_or_has_a_reason(app):
    referring = """
        select distinct conrelid::regclass::text from pg_constraint
        where contype = 'f' and confrelid = 'accounts'::regclass
    """
    async with app.state.database.connection() as connection:
        tables = {name for (name,) in await connection.fetch(referring)}
    told = {name for kind in kinds.KINDS for name in kind.tables.split()}
    assert tables - told - set(kinds.NOT_EXPORTED) == set(), "name them in board/leaving/kinds.py"
    assert set(kinds.NOT_EXPORTED) <= tables
    assert not told & set(kinds.NOT_EXPORTED)
    assert all(kinds.NOT_EXPORTED.values())


async def test_many_messages_make_many_pages_by_year(busy_app, join, monkeypatch):
    monkeypatch.setattr(contents, "PAGE", 4)
    monkeypatch.setattr(contents, "ROWS", 3)
    alice = await join("alice", app=busy_app)
    threads = [await make_thread(alice, f"Thread {number}") for number in range(7)]
    for number in range(20):
        await make_message(alice, threads[0], f"Message {number}.")
    await row(
        busy_app,
        "update messages set created_at = created_at - interval '1 year' where id <= $1",
        threads[-1].opening + 3,
    )
    found = await exported(alice)
    names = sorted(name for name in found.namelist() if name.startswith("messages/"))
    assert len(names) == 8, "10 in one year, 17 in the next, in pages of four at most"
    assert len({name.split("-")[0] for name in names}) == 2
    assert len(rows(found, "messages")) == 27
    assert len(rows(found, "threads")) == 7
    site_ = pages(found)
    walked, at = [], "index.html"
    at = min(names)
    while at:
        walked.append(at)
        onward = [each.get("href") for each in site_[at].iter("a") if each.get("rel") == "next"]
        at = posixpath.join("messages", onward[0]) if onward else ""
    assert len(walked) == len(names), "each leads to the next"


async def test_somebody_without_anything_gets_a_copy_too(app, alice):
    found = await exported(alice)
    assert "There is nothing yet" in look.words(pages(found)["index.html"])
    assert rows(found, "messages") == []


async def test_a_picture_that_the_store_has_lost_leaves_a_sentence(world):
    key = (
        await row(
            world.app, "select picture_key from message_pictures where message_id = $1 and position = 0", world.answer
        )
    )[0]
    await world.app.state.storage.delete([name async for name in world.app.state.storage.list(f"{key[:2]}/{key}")])
    found = await exported(world.alice)
    assert f"pictures/{key}.webp" not in found.namelist()
    assert any("A picture that the board has lost" in look.words(page) for page in pages(found).values())


async def test_a_picture_that_moves_comes_as_it_moves(busy_app, join):
    alice = await join("alice", app=busy_app)
    thread = await make_thread(alice)
    frames = photos.frames(3)
    gif = photos.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    await look.submit(alice, await alice.open(thread.path), ("a.gif", gif), text="It moves.")
    key = (await row(busy_app, "select key from pictures"))[0]
    found = await exported(alice)
    assert found.read(f"pictures/{key}.webp") == await busy_app.state.storage.get(f"{key[:2]}/{key}/play.webp")
