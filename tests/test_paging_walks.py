"""Whoever walks on, or back, meets every row once, whatever the order and however many are equal."""

import dataclasses
import random
from datetime import UTC, datetime, timedelta

import pytest

from board.kit.paging import LARGEST_ID
from tests import look
from tests.factories import make_message, make_thread, row

THREADS, MESSAGES = 63, 124
THREAD_PAGE, MESSAGE_PAGE = 9, 20  # the threads fill whole pages, the messages do not


@pytest.fixture
def config(config):
    """Short pages."""
    return dataclasses.replace(config, threads_per_page=THREAD_PAGE, messages_per_page=MESSAGE_PAGE)


def link(page, rel: str) -> str | None:
    """Where the link to the next or the previous page leads."""
    found = [each.get("href") for each in look.tree(page).iter("a") if each.get("rel") == rel]
    assert len(found) <= 1
    return found[0] if found else None


async def walk(client, path: str, prefix: str) -> list[list[int]]:
    """The ids on all pages to the end; then back to the beginning, where the pages must be the same ones."""
    pages = [await client.open(path)]
    assert link(pages[0], "prev") is None
    while following := link(pages[-1], "next"):
        pages.append(await client.open(following))
        assert link(pages[-1], "prev") is not None
        assert len(pages) < 100
    there = [look.ids(look.tree(page), prefix) for page in pages]
    back, page = [there[-1]], pages[-1]
    while previous := link(page, "prev"):
        page = await client.open(previous)
        assert link(page, "next") is not None
        back.insert(0, look.ids(look.tree(page), prefix))
        assert len(back) < 100
    assert back == there
    return there


async def make_threads(app, author, count=THREADS) -> set[int]:
    """Threads of which many are equal in every order; the ids of those that are there."""
    chance, now = random.Random(3), datetime.now(UTC)
    made = {(await make_thread(author, f"Thread {n}")).id for n in range(count)}
    gone = (await make_thread(author, "Gone")).id
    await row(app, "update threads set deleted_at = now() where id = $1", gone)
    for id in made:
        await row(
            app,
            "update threads set created_at = $2, last_activity_at = $2, ups = $3, downs = $4 where id = $1",
            id,
            now - timedelta(microseconds=chance.randint(0, 9)),
            chance.randint(0, 2),
            chance.randint(0, 2),
        )
    return made


@pytest.mark.parametrize("query", ["", "?sort=hot", "?sort=top&period=day", "?sort=new", "?sort=controversial"])
async def test_every_thread_is_met_once_on_the_way_there_and_back(app, alice, stranger, query):
    made = await make_threads(app, alice)
    for path in ("/", "/boards/general"):
        pages = await walk(stranger, path + query, "thread-")
        assert [len(page) for page in pages] == [THREAD_PAGE] * 7
        assert {id for page in pages for id in page} == made
    # "Load more": fragments with cards alone, to the same end.
    more, following = [], link(await stranger.open(f"/{query}"), "next")
    while following:
        part = await stranger.fragment("GET", following)
        assert "<h1" not in part.text and link(part, "prev") is None
        more.append(look.ids(look.tree(part), "thread-"))
        following = link(part, "next")
    assert more == (await walk(stranger, f"/{query}", "thread-"))[1:]


@pytest.mark.parametrize("sort", ["oldest", "newest", "best"])
async def test_every_message_is_met_once_on_the_way_there_and_back(app, alice, stranger, thread, sort):
    chance = random.Random(4)
    made = {await make_message(alice, thread, f"Answer {n}.") for n in range(MESSAGES)}
    for id in made:
        await row(
            app,
            "update messages set ups = $2, deleted_at = case when $3 then now() end where id = $1",
            id,
            chance.choice((0, 0, 1, 5)),
            chance.random() < 0.2,
        )
    pages = await walk(stranger, f"{thread.path}?sort={sort}", "message-")
    assert [len(page) for page in pages] == [MESSAGE_PAGE + 1, *[MESSAGE_PAGE] * 5, MESSAGES % MESSAGE_PAGE]
    assert pages[0][0] == thread.opening, "before all others, and not counted"
    met = [id for page in pages for id in page]
    assert len(met) == len(set(met))
    assert set(met) == {thread.opening, *made}


async def test_who_follows_a_permanent_address_can_walk_both_ways(alice, stranger, thread):
    made = [thread.opening, *[await make_message(alice, thread, f"Answer {n}.") for n in range(70)]]
    for id in (made[0], made[1], made[20], made[21], made[47], made[70]):
        answer = await stranger.get(f"/messages/{id}")
        assert answer.status_code == 303 and answer.headers["location"].endswith(f"#message-{id}")
        page = await stranger.open(answer.headers["location"])
        met = look.messages(page)
        assert id in met
        assert "after" not in answer.headers["location"] or met.index(id) == 3, "with a little of what was before"
        before = after = page
        while path := link(before, "prev"):
            before = await stranger.open(path)
            met = look.messages(before) + met
        while path := link(after, "next"):
            after = await stranger.open(path)
            met += look.messages(after)
        assert met == made


@pytest.mark.parametrize("show", ["", "?show=messages"])
async def test_what_somebody_wrote_is_met_once_on_the_way_there_and_back(alice, bob, stranger, show):
    threads = [await make_thread(alice, f"Thread {n:03}") for n in range(21)]
    await make_thread(bob, "Thread of bob")
    for n in range(24):
        await make_message(alice, threads[0], f"Answer {n}.")
    pages = [await stranger.open(f"/people/alice{show}")]
    while path := link(pages[-1], "next"):
        pages.append(await stranger.open(path))
    page = pages[-1]
    for expected in reversed(pages[:-1]):
        page = await stranger.open(link(page, "prev"))
        assert look.links(look.with_class(look.tree(page), "messages" if show else "threads")[0]) == look.links(
            look.with_class(look.tree(expected), "messages" if show else "threads")[0]
        )
    assert link(page, "prev") is None
    assert len(pages) == 3
    if not show:
        titles = [look.words(each) for page in pages for each in look.tree(page).iter("h2")]
        assert titles == [f"Thread {n:03}" for n in reversed(range(21))]


@pytest.mark.parametrize(
    ("count", "pages"), [(0, 1), (1, 1), (THREAD_PAGE, 1), (THREAD_PAGE + 1, 2), (2 * THREAD_PAGE, 2)]
)
async def test_there_is_a_link_only_where_there_is_more(alice, stranger, count, pages):
    for n in range(count):
        await make_thread(alice, f"Thread {n}")
    met = await walk(stranger, "/", "thread-")
    assert len(met) == pages
    assert sum(map(len, met)) == count


@pytest.mark.parametrize(
    ("answers", "pages"), [(0, 1), (MESSAGE_PAGE, 1), (MESSAGE_PAGE + 1, 2), (2 * MESSAGE_PAGE, 2)]
)
@pytest.mark.parametrize("sort", ["oldest", "newest", "best"])
async def test_a_thread_has_a_next_page_only_where_there_is_more(alice, stranger, thread, answers, pages, sort):
    for n in range(answers):
        await make_message(alice, thread, f"Answer {n}.")
    assert len(await walk(stranger, f"{thread.path}?sort={sort}", "message-")) == pages


BROKEN = [
    "",
    "x",
    "~",
    "~5",
    "5~",
    "5~x",
    "5~-1",
    "5~ 1",
    "5~\uff11",
    "nan~5",
    "1~2~3",
    "5~99999999999999999999",
    "\0~5",
]
BROKEN += ["5~" + "1" * 5000, "9" * 5000]
MORE = {"": ["5", "9" * 40 + "~5", "-99999999999999999999~1", "0.5~5"], "best": ["5"], "oldest": ["5~5", "-5"]}
MORE |= {"hot": ["5"], "top": ["5", "0.5~5", "inf~5"], "newest": ["5~5"]}


@pytest.mark.parametrize("sort", ["", "hot", "top", "new", "controversial"])
async def test_a_broken_place_in_a_list_of_threads_gets_a_sentence(stranger, sort):
    for text in BROKEN + MORE.get(sort, []):
        for name in ("after", "before"):
            answer = await stranger.get("/", params={"sort": sort or "activity", name: text})
            assert answer.status_code == 400, text
            assert "Go to the first page" in answer.text


@pytest.mark.parametrize("sort", ["oldest", "newest", "best"])
async def test_a_broken_place_in_a_thread_gets_a_sentence(stranger, thread, sort):
    for text in [each for each in BROKEN if sort == "best" or each != "~5"] + MORE[sort]:
        answer = await stranger.get(thread.path, params={"sort": sort, "after": text})
        assert answer.status_code == 400, text
    assert (await stranger.get("/people/alice", params={"after": "x"})).status_code == 400


@pytest.mark.parametrize("sort", ["activity", "hot", "top", "new", "controversial", "oldest", "newest", "best"])
async def test_the_ends_of_all_numbers_are_places(stranger, thread, sort):
    keys = {"hot": ("inf", "-inf", "1e308", "5e-324"), "top": ("9" * 40, "-" + "9" * 40)}.get(sort, ("0",))
    if sort in ("activity", "new"):
        keys = ("-62135596800000000", "253402300799999999")
    path = thread.path if sort in ("oldest", "newest", "best") else "/"
    for key in keys:
        for id in (0, LARGEST_ID):
            cursor = str(id) if sort in ("oldest", "newest") else f"{key}~{id}"
            for name in ("after", "before"):
                await stranger.open(path, params={"sort": sort, name: cursor})
