"""Pages that strangers share: one rendering for a crowd, never older than its seconds, never anybody's own."""

import asyncio
import gzip
from types import SimpleNamespace

import brotli
import pytest
import zstandard
from starlette.requests import Request

from board.kit import pagecache
from board.kit.errors import NotFound
from board.kit.pagecache import PageCache

MEGABYTE = 1_000_000
UNPACK = {
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": bytes,
}


class Kitchen:
    """Makes pages "1", "2", ...; while the door is shut, they wait behind it."""

    def __init__(self, cache: PageCache) -> None:
        self.cache, self.made, self.door = cache, 0, asyncio.Event()
        self.door.set()

    async def make(self) -> str:
        self.made += 1
        html = str(self.made)
        door = self.door
        await door.wait()
        return html

    async def fail(self) -> str:
        await self.make()
        raise NotFound("There is nothing.")

    async def order(self, path="/", query="", make=None, fragment=False, **headers) -> str:
        response = await self.response(path, query, make, fragment, **headers)
        assert response.status_code == 200
        return response.body.decode()

    async def response(self, path="/", query="", make=None, fragment=False, **headers):
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": pairs}
        return await self.cache.response(Request(scope), make or self.make, fragment)


@pytest.fixture
def clock(monkeypatch):
    """Time for the cache alone, which stands still unless it is moved."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(pagecache, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
async def kitchen(clock):
    return Kitchen(PageCache(1.0, MEGABYTE))


async def started(*orders):
    """Tasks that have got as far as they can."""
    tasks = [asyncio.create_task(order) for order in orders]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def served(*tasks) -> list:
    """What they got; who is never served fails."""
    async with asyncio.timeout(10):
        return await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_rendering_serves_a_crowd(kitchen):
    kitchen.door.clear()
    crowd = await started(*(kitchen.order() for _ in range(200)))
    assert not any(each.done() for each in crowd)
    kitchen.door.set()
    assert set(await served(*crowd)) == {"1"}
    assert await kitchen.order() == "1"


async def test_a_page_is_shared_until_it_is_as_old_as_it_may_be(kitchen, clock):
    assert await kitchen.order() == "1"
    clock.now += 0.99
    assert await kitchen.order() == "1"
    clock.now += 0.01
    assert await kitchen.order() == "2"
    clock.now += 0.99
    assert await kitchen.order() == "2"


async def test_the_age_counts_from_the_beginning_of_the_rendering(kitchen, clock):
    kitchen.door.clear()
    [first] = await started(kitchen.order())
    clock.now += 0.8
    kitchen.door.set()
    assert await served(first) == ["1"]
    clock.now += 0.19
    assert await kitchen.order() == "1"
    clock.now += 0.01
    assert await kitchen.order() == "2"


async def test_who_comes_late_to_a_slow_rendering_gets_a_younger_one(kitchen, clock):
    kitchen.door.clear()
    [early] = await started(kitchen.order())
    clock.now += 1
    slow, kitchen.door = kitchen.door, asyncio.Event()
    late = await started(kitchen.order(), kitchen.order())
    kitchen.door.set()
    assert await served(*late) == ["2", "2"]
    slow.set()
    assert await served(early) == ["1"]
    assert await kitchen.order() == "2", "what was slow does not take the place of what is younger"
    clock.now += 1
    assert await kitchen.order() == "3", "and nothing is stuck"


async def test_with_no_seconds_everybody_gets_a_page_of_their_own(clock):
    kitchen = Kitchen(PageCache(0.0, MEGABYTE))
    kitchen.door.clear()
    crowd = await started(*(kitchen.order() for _ in range(3)))
    kitchen.door.set()
    assert sorted(await served(*crowd)) == ["1", "2", "3"]
    assert await kitchen.order() == "4"


async def test_each_address_and_its_fragment_are_pages_of_their_own(kitchen):
    orders = [("/", ""), ("/", "sort=new"), ("/", "sort=hot"), ("/threads/1", ""), ("/threads/2", "")]
    pages = [await kitchen.order(*each, fragment=part) for each in orders for part in (False, True)]
    assert pages == [str(n) for n in range(1, 11)]
    assert [await kitchen.order(*each, fragment=part) for each in orders for part in (False, True)] == pages


async def test_the_bytes_are_bounded_and_the_least_used_go_first(clock):
    cache = PageCache(1.0, 100_000)
    kitchen = Kitchen(cache)

    async def large() -> str:
        return f"{await kitchen.make()} {' '.join(str(n * n) for n in range(1_500))}"

    for n in range(30):
        await kitchen.order(f"/{n}", make=large)
        for encoding in ("br", "gzip", "zstd"):
            await kitchen.response("/0", make=large, accept_encoding=encoding)
        kept = sum(len(body) for page in cache._pages.values() for body in page.bodies.values())
        assert kept <= 100_000
    assert kitchen.made == 30, "what everybody reads stayed"
    assert (await kitchen.order("/29", make=large)).startswith("30 ")
    assert (await kitchen.order("/1", make=large)).startswith("31 "), "it had to go"


async def test_a_page_that_is_made_anew_takes_the_place_of_the_old_one(clock):
    kitchen = Kitchen(PageCache(1.0, 1_000))

    async def page() -> str:
        return f"{await kitchen.make()} {'x' * 200}"

    for n in range(20):
        clock.now += 1
        for _ in range(2):
            assert (await kitchen.order("/a", make=page)).startswith(f"{2 * n + 1} ")
            assert (await kitchen.order("/b", make=page)).startswith(f"{2 * n + 2} ")


async def test_a_page_that_is_too_large_is_sent_and_not_kept(clock):
    cache = PageCache(1.0, 1_000)
    kitchen = Kitchen(cache)

    async def huge() -> str:
        return await kitchen.make() + "x" * 2_000

    assert [(await kitchen.order(make=huge))[0] for _ in range(2)] == ["1", "2"]
    assert await kitchen.order("/small") == await kitchen.order("/small") == "3"


async def test_a_browser_that_has_the_page_is_told_so(kitchen, clock):
    first = await kitchen.response()
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    for match in (tag, f'"other", {tag}', tag + ', W/"x"'):
        again = await kitchen.response(if_none_match=match, accept_encoding="br")
        assert (again.status_code, again.body) == (304, b"")
        assert (again.headers["etag"], again.headers["vary"]) == (tag, first.headers["vary"])
    assert (await kitchen.response(if_none_match='W/"other"')).status_code == 200
    clock.now += 1
    anew = await kitchen.response(if_none_match=tag)
    assert (anew.status_code, anew.body) == (200, b"2")
    assert anew.headers["etag"] != tag


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip", ""])
async def test_each_browser_gets_the_encoding_that_it_takes(kitchen, encoding):
    async def page() -> str:
        return "Grüße, " * 500

    response = await kitchen.response(make=page, accept_encoding=encoding)
    assert UNPACK[encoding](response.body).decode() == "Grüße, " * 500
    assert response.headers.get("content-encoding", "") == encoding
    assert response.headers["content-length"] == str(len(response.body))
    assert response.headers["vary"].endswith("Accept-Encoding")
    again = await kitchen.response(make=page, accept_encoding=encoding)
    assert again.body is response.body, "compressed once"


async def test_an_error_reaches_all_who_wait_and_is_not_kept(kitchen):
    kitchen.door.clear()
    crowd = await started(*(kitchen.order(make=kitchen.fail) for _ in range(5)))
    kitchen.door.set()
    results = await served(*crowd)
    assert [type(result) for result in results] == [NotFound] * 5
    assert kitchen.made == 1
    assert await kitchen.order() == "2"


async def test_a_reader_who_leaves_takes_the_page_from_nobody(kitchen):
    kitchen.door.clear()
    first, second = await started(kitchen.order(), kitchen.order())
    first.cancel()
    [third] = await started(kitchen.order())
    kitchen.door.set()
    assert await served(second, third) == ["1", "1"]
    assert first.cancelled()


async def test_a_rendering_that_all_have_left_ends_quietly(kitchen, caplog):
    for make in (kitchen.make, kitchen.fail):
        kitchen.door.clear()
        [reader] = await started(kitchen.order("/" + make.__name__, make=make))
        reader.cancel()
        await served(reader)
        kitchen.door.set()
        await started()
    assert await kitchen.order("/make") == "1", "the next one finds it"
    assert await kitchen.order("/fail") == "3"
    assert caplog.records == []
