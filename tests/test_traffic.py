"""What is counted of a request, and what is not."""

import dataclasses
import logging

import pytest

from tests.conftest import Client
from tests.entrance import site
from tests.factories import make_thread, row
from tests.traffic import BOT, DESKTOP, PHONE, counted, sent, visitors


@pytest.fixture
async def app(config, database):
    """The site, counting; nothing is added to the database until a test asks."""
    async with site(config, database, traffic_seconds=3600) as app:
        yield app


async def test_a_page_that_a_person_opens_is_counted_in_each_dimension(app, stranger):
    page = await stranger.open("/help", headers=sent(referer="https://www.Example.org/links?q=secret"))
    for span in ("hour", "day", "week"):
        assert await counted(app, "route", span=span) == {"/help": 1}
        assert await counted(app, "kind", "views", span=span) == {"person": 1}
        assert await counted(app, "status", span=span) == {"2xx": 1}
        assert await counted(app, "referrer", span=span) == {"example.org": 1}
        assert await counted(app, "device", span=span) == {"phone": 1}
        assert await counted(app, "language", span=span) == {"de": 1}
        assert await counted(app, "kind", "bytes", span=span) == {"person": page.num_bytes_downloaded}
    assert await visitors(app) == 1


async def test_counts_add_up_over_several_batches(app, stranger):
    for _ in range(3):
        await stranger.get("/help", headers=sent())
        assert await counted(app, "route")
    assert await counted(app, "route") == {"/help": 3}
    times = "select sum(requests) from traffic_times where span = 'day' and route = $1"
    for route in ("/help", "*"):
        assert (await row(app, times, route))[0] == 3


async def test_every_answer_is_a_request_but_only_a_whole_page_is_a_view(app, stranger, alice):
    thread = await make_thread(alice)
    for path in ("/help", "/nowhere", "/threads/999999", "/static/nothing.css", "/sign-out", "/favicon.ico"):
        await stranger.get(path, headers=sent())
    await stranger.head("/help", headers=sent())
    await stranger.post("/sign-in", data={"name": "x", "password": "y"}, headers=sent())
    await alice.get("/", headers=sent(DESKTOP))
    await alice.get(thread.path, headers=sent(DESKTOP, hx_request="true"))
    await alice.get("/", headers=sent(DESKTOP, hx_request="true", hx_request_type="full"))
    assert await counted(app, "kind") == {"person": 8, "member": 3}
    assert await counted(app, "kind", "views") == {"person": 1, "member": 1}
    assert await counted(app, "status") == {"2xx": 6, "4xx": 5}
    assert await counted(app, "route", "views") == {
        "/help": 1, "": 0, "/threads/{id:id}": 0, "/static/{file}": 0, "/sign-out": 0, "/favicon.ico": 0,
        "/sign-in": 0, "/": 1,
    }  # fmt: skip
    assert await counted(app, "device") == {"phone": 1, "desktop": 1}


async def test_a_page_that_the_browser_has_already_is_a_view(app, stranger):
    page = await stranger.open("/help", headers=sent())
    again = await stranger.get("/help", headers=sent(if_none_match=page.headers["etag"]))
    assert again.status_code == 304
    assert await counted(app, "kind", "views") == {"person": 2}


@pytest.mark.parametrize(
    "header",
    [{"sec_purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x_moz": "prefetch"}, {"x_purpose": "preview"}],
)
async def test_a_page_that_is_loaded_in_advance_is_no_view(app, alice, stranger, header):
    thread = await make_thread(alice)
    await stranger.open(thread.path, headers=sent(**header))
    assert await counted(app, "kind") == {"person": 1}
    assert await counted(app, "kind", "views") == {"person": 0}
    assert await counted(app, "device") == {}
    assert await visitors(app) == 0
    assert (await row(app, "select count(*) from traffic_threads"))[0] == 0


@pytest.mark.parametrize("agent", [BOT, "curl/8.14.1", "python-httpx/0.28", "", "FeedFetcher/1", "kube-probe/1.32"])
async def test_a_bot_is_a_request_and_nobody_who_reads(app, alice, stranger, agent):
    thread = await make_thread(alice)
    await stranger.open(thread.path, headers=sent(agent))
    assert await counted(app, "kind") == {"bot": 1}
    assert await counted(app, "kind", "views") == {"bot": 0}
    assert await counted(app, "referrer") == await counted(app, "device") == await counted(app, "language") == {}
    assert await visitors(app) == 0
    assert (await row(app, "select count(*) from traffic_threads"))[0] == 0


@pytest.mark.parametrize("header", [{"dnt": "1"}, {"sec_gpc": "1"}])
async def test_who_asks_not_to_be_tracked_is_in_the_totals_alone(app, alice, stranger, header):
    thread = await make_thread(alice)
    await stranger.open(thread.path, headers=sent(referer="https://example.org/", **header))
    assert await counted(app, "route") == {"/threads/{id:id}": 1}
    assert await counted(app, "kind", "views") == {"person": 1}
    assert await counted(app, "referrer") == await counted(app, "device") == await counted(app, "language") == {}
    assert await visitors(app) == 0
    assert (await row(app, "select count(*) from traffic_threads"))[0] == 0


async def test_who_does_not_mind_says_so_with_a_zero(app, stranger):
    await stranger.open("/help", headers=sent(dnt="0"))
    assert await counted(app, "device") == {"phone": 1}


async def test_views_are_counted_for_each_thread(app, alice, stranger):
    first, second = await make_thread(alice), await make_thread(alice)
    for thread in (first, first, second):
        await stranger.open(thread.path, headers=sent())
    await alice.open(f"{first.path}?sort=newest", headers=sent())
    await app.state.traffic.flush()
    found = await row(app, "select array_agg((thread_id, views) order by thread_id) from traffic_threads")
    assert found[0] == [(first.id, 3), (second.id, 1)]


async def test_a_visitor_counts_once_a_day_whoever_comes_from_elsewhere_or_with_another_browser_again(app, stranger):
    await app.state.traffic.flush()
    for agent in (PHONE, PHONE, DESKTOP, DESKTOP):
        await stranger.open("/help", headers=sent(agent))
    assert await visitors(app) == 2
    await stranger.open("/", headers=sent(DESKTOP))
    assert await visitors(app) == 2


async def test_a_link_within_the_board_is_no_place_where_people_come_from(app, stranger):
    for referer in (
        "http://testserver/",
        "http://testserver:80/threads/1",
        "",
        "http://[",
        "https://a b/",
        "about:blank",
    ):
        await stranger.open("/help", headers=sent(referer=referer) if referer else sent())
    assert await counted(app, "referrer") == {"": 4}


async def test_a_crowd_of_invented_headers_takes_little_room(app, stranger):
    hosts = 220
    for number in range(hosts):
        language = f"{chr(97 + number % 26)}{chr(97 + number // 26)}"
        await stranger.get("/help", headers=sent(referer=f"https://{number}.example/", accept_language=language))
    referrers, languages = await counted(app, "referrer"), await counted(app, "language")
    assert len(referrers) == 201 and referrers["(other)"] == hosts - 200
    assert len(languages) == 61 and languages["(other)"] == hosts - 60
    await stranger.get("/help", headers=sent(referer="https://7.example/"))
    assert (await counted(app, "referrer"))["7.example"] == 2


async def test_requests_of_a_cluster_are_not_counted(app, stranger):
    for path in ("/health/live", "/health/ready"):
        await stranger.get(path, headers=sent())
    assert await counted(app, "kind") == {}


async def test_nothing_about_anybody_is_stored_logged_or_set(app, stranger, caplog):
    with caplog.at_level(logging.DEBUG):
        page = await stranger.open(
            "/help", headers=sent("Mozilla/5.0 SecretBrowser", referer="https://a.example/secret")
        )
        await app.state.traffic.flush()
    assert "set-cookie" not in page.headers
    assert "ecret" not in caplog.text and "127.0.0.1" not in caplog.text
    for table in ("counts", "times", "threads", "registers", "salts", "batches"):
        found = await row(app, f"select string_agg(t::text, ' ') from traffic_{table} t")
        assert "ecret" not in (found[0] or "") and "127.0.0.1" not in (found[0] or ""), table


async def test_with_no_interval_nothing_is_counted(config, database):
    async with site(config, database, traffic_seconds=0) as app, Client(app) as stranger:
        await stranger.open("/help", headers=sent())
        assert "This board counts nothing." in (await stranger.open("/help")).text
        assert await counted(app, "kind") == {}


async def test_what_was_counted_is_stored_when_the_server_ends(config, database):
    async with site(dataclasses.replace(config), database, traffic_seconds=3600) as app, Client(app) as stranger:
        await stranger.open("/help", headers=sent())
        assert (await row(app, "select count(*) from traffic_counts"))[0] == 0
    assert (await row(app, "select requests from traffic_counts where dimension = 'route'"))[0] == 1
