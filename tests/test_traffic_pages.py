"""The pages of figures: who may see which, and that they show what was counted."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from board.kit import sketches
from board.kit.db import queries
from board.traffic.window import RANGES, window
from tests import look
from tests.conftest import Client
from tests.entrance import site
from tests.factories import make_thread, row
from tests.traffic import BOT, DESKTOP, PHONE, sent


@pytest.fixture
async def app(config, database):
    """The site, counting; nothing is added to the database until a test asks."""
    async with site(config, database, traffic_seconds=3600) as app:
        await app.state.traffic.flush()
        yield app


@pytest.fixture
async def public(config, database):
    """A stranger on a site whose figures everybody may see."""
    async with site(config, database, traffic_seconds=3600, traffic_public=True) as app:
        await app.state.traffic.flush()
        async with Client(app) as client:
            yield client


def table(page, heading: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell."""
    scroll = next(each for each in look.with_class(look.tree(page), "scroll") if each.get("aria-label") == heading)
    rows = [[look.words(cell) for cell in line if cell.tag in ("th", "td")] for line in scroll.iter("tr")]
    return {first: rest for first, *rest in rows}


def tile(page, label: str) -> str:
    tiles = next(iter(look.with_class(look.tree(page), "tiles")))
    return next(look.words(each) for each in tiles if look.words(each).startswith(label)).removeprefix(label).strip()


async def visit(app, stranger, thread) -> None:
    """Two people and a bot open pages."""
    for agent, path in ((PHONE, thread.path), (PHONE, "/"), (DESKTOP, thread.path), (BOT, "/"), (BOT, "/nothing")):
        await stranger.get(path, headers=sent(agent, referer="https://links.example/"))
    await app.state.traffic.flush()


async def test_admins_see_all_of_it(app, admin, stranger, thread):
    await visit(app, stranger, thread)
    page = await admin.open("/traffic", headers=sent(BOT))
    assert tile(page, "Page views") == "3 before: 0"
    assert tile(page, "Visitors") == "2 before: 0"
    assert tile(page, "Requests") == "5 before: 0"
    assert table(page, "Threads opened most, in whole days")["A thread"] == ["2"]
    assert table(page, "Who asks")["People who are not signed in"][:2] == ["3", "60 %"]
    assert table(page, "Who asks")["Bots and other programs"][:2] == ["2", "40 %"]
    assert table(page, "Answers")["4xx: refused"][:2] == ["1", "20 %"]
    assert table(page, "Where people come from")["links.example"][:2] == ["3", "100 %"]
    assert table(page, "Devices")["Desktop"][:2] == ["1", "33 %"]
    assert table(page, "Languages")["de"][0] == "3"
    assert table(page, "Addresses")["/threads/{id}"][0] == table(page, "Addresses")["/threads/{id}"][2] == "2"
    assert all(cell.endswith("s") for cell in table(page, "Addresses")["No such address"][4:])
    assert f'href="{thread.path}"' in page.text
    figures = list(table(page, "All figures").values())
    assert figures[1][:3] == ["3", "2", "5"] and figures[2][:3] == ["0", "0", "0"]


async def test_an_address_has_its_quantiles_and_what_it_had_before(app, admin):
    at = "date_trunc('day', now() - make_interval(days => days), 'UTC')"
    await row(
        app,
        f"insert into traffic_counts select 'day', 'route', {at}, '/old', requests, 0, 5000"
        " from (values (0, 60), (29, 40), (31, 80), (90, 7)) as given (days, requests)",
    )
    # Of the 100 requests 90 took about 10 ms, 8 about 100 ms and 2 about a second; those before took longer.
    buckets = [sketches.bucket(seconds) for seconds in (0.01, 0.1, 1, 5)]
    await row(
        app,
        f"insert into traffic_times select 'day', {at}, route, bucket, requests from (values (0, $1::int, 60),"
        " (29, $1, 30), (29, $2, 8), (29, $3, 2), (31, $4, 80)) as given (days, bucket, requests),"
        " (values ('/old'), ('*')) as routes (route)",
        *buckets,
    )
    page = await admin.open("/traffic")
    requests, change, views, size, *quantiles = table(page, "Addresses")["/old"]
    assert (requests, change, views, size) == ("100", "+25 %", "", "10 kB")
    for told, exact in zip(quantiles, (10, 100, 1000), strict=True):
        number, unit = told.split()
        assert abs(float(number) * {"ms": 1, "s": 1000}[unit] - exact) <= 0.05 * exact
    assert tile(page, "95 % of pages within").endswith("before: 5.2 s")


@pytest.mark.parametrize("name", RANGES)
async def test_a_plot_is_told_in_words_and_figures_too(app, admin, stranger, thread, name):
    await visit(app, stranger, thread)
    page = await admin.open(f"/traffic?range={name}", headers=sent(BOT))
    plots = [each for each in look.tree(page).iter() if str(each.tag).endswith("}svg") and each.get("role") == "img"]
    assert len(plots) == (4 if name == "day" else 5)
    for plot in plots:
        told = {each.get("id"): look.words(each) for each in plot}
        title, words = (told[each] for each in plot.get("aria-labelledby").split())
        assert title and words.startswith(f"{RANGES[name][0]}, one point for each {RANGES[name][1]}.")
    assert len(table(page, "All figures")) == 1 + RANGES[name][2]
    assert tile(page, "Visitors today" if name == "day" else "Visitors").startswith("2")


async def test_all_ranges_show_the_same_day_and_the_time_before_is_told(app, admin):
    await row(
        app,
        "insert into traffic_counts select span, 'kind', date_trunc(span, now() - make_interval(days => days), 'UTC'),"
        " 'person', 100, views, 1000 from (values ('day', 0, 30), ('day', 40, 20), ('week', 0, 30), ('week', 400, 60),"
        " ('hour', 0, 30), ('hour', 1, 10)) as given (span, days, views)",
    )
    assert tile(await admin.open("/traffic?range=month"), "Page views") == "30 +50 % before: 20"
    assert tile(await admin.open("/traffic?range=week"), "Page views") == "30 before: 0"
    assert tile(await admin.open("/traffic?range=year"), "Page views") == "30 −50 % before: 60"
    assert tile(await admin.open("/traffic?range=day"), "Page views") == "30 +200 % before: 10"


async def test_nobody_else_sees_that_there_are_figures(stranger, alice, mod, thread):
    for client in (stranger, alice, mod):
        assert (await client.get("/traffic")).status_code == 404
        assert (await client.get("/traffic?range=nonsense")).status_code == 404
        assert 'href="/traffic"' not in (await client.open("/")).text


async def test_a_setting_shows_everybody_a_summary(public, alice, thread):
    await visit(public.app, public, thread)
    page = await public.open("/traffic", headers=sent(BOT))
    assert 'href="/traffic"' in page.text
    assert tile(page, "Page views") == "3 before: 0" and tile(page, "Visitors") == "2 before: 0"
    for secret in ("links.example", "Addresses", "Requests", "A thread", "2xx", "Desktop"):
        assert secret not in page.text
    assert (await public.open("/traffic?range=day")).status_code == 200


async def test_an_unknown_range_is_a_sentence(admin, alice, thread):
    for client, path in ((admin, "/traffic"), (alice, f"{thread.path}/views")):
        for name in ("decade", ""):
            answer = await client.get(f"{path}?range={name}")
            assert answer.status_code == 400 and "must be one of" in answer.text
    assert (await alice.get(f"{thread.path}/views?range=day")).status_code == 400


async def test_who_started_a_thread_sees_how_often_it_is_opened(app, alice, bob, mod, admin, stranger, thread):
    await visit(app, stranger, thread)
    for client in (alice, admin):
        assert f"{thread.path}/views" in look.links(look.tree(await client.open(thread.path)))
        page = await client.open(f"{thread.path}/views")
        assert tile(page, "Page views") == "2 before: 0"
        assert next(iter(list(table(page, "All figures").values())[1:])) == ["2"]
    for client in (bob, mod, stranger):
        assert f"{thread.path}/views" not in (await client.open(thread.path)).text
    for client in (bob, mod):
        assert (await client.get(f"{thread.path}/views")).status_code == 404
    assert (await stranger.get(f"{thread.path}/views")).headers["location"].startswith("/sign-in")
    assert (await alice.get("/threads/999999/views")).status_code == 404


async def test_a_deleted_thread_has_no_views(app, alice, admin, stranger, thread):
    await visit(app, stranger, thread)
    await alice.post(f"{thread.path}/delete")
    assert (await alice.get(f"{thread.path}/views")).status_code == 404
    assert "A thread" not in (await admin.open("/traffic")).text


async def test_a_page_takes_three_queries(app, admin, alice, stranger, thread):
    await visit(app, stranger, thread)
    for client, path in ((admin, "/traffic"), (alice, f"{thread.path}/views"), (admin, "/traffic?range=day")):
        counted: list[str] = []
        token = queries.set(counted)
        await client.open(path)
        queries.reset(token)
        assert len(counted) <= 3, counted


async def test_the_most_opened_threads_are_found_among_many(app, admin, alice):
    first, second = await make_thread(alice, "Often a little"), await make_thread(alice, "Once a lot")
    await row(
        app,
        "insert into traffic_threads select case when n = 0 then $2::bigint else $1 end, $3::date - n, case when n = 0"
        " then 50 else 9 end from generate_series(0, 9) n",
        first.id,
        second.id,
        datetime.now(UTC).date(),
    )
    strangers = "select n, $1::date, 60 from generate_series(900000, 900010) n"
    await row(app, f"insert into traffic_threads {strangers}", datetime.now(UTC).date())
    opened = table(await admin.open("/traffic"), "Threads opened most, in whole days")
    assert list(opened.items())[1:] == [("Often a little", ["81"]), ("Once a lot", ["50"])]


async def test_that_nothing_is_counted_is_told(config, database, join):
    async with site(config, database, traffic_seconds=0) as app:
        admin = await join("ada", "admin", app=app)
        assert "TRAFFIC_SECONDS is 0" in (await admin.open("/traffic")).text


def test_a_window_ends_now_and_is_as_long_as_the_time_before():
    now = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)  # a Sunday
    for name, (_, step, count) in RANGES.items():
        shown = window(name, now)
        every = [*shown.before, *shown.starts]
        assert len(shown.starts) == len(shown.before) == count
        assert {later - earlier for earlier, later in pairwise(every)} == {
            {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}[step]
        }
        assert shown.starts[-1] <= now < shown.starts[-1] + (every[1] - every[0])
    assert window("year", now).starts[-1] == datetime(2026, 2, 23, tzinfo=UTC)
    assert window("year", now).start_of(date(2026, 2, 28)) == datetime(2026, 2, 23, tzinfo=UTC)
    assert window("month", now).start_of(date(2026, 2, 28)) == datetime(2026, 2, 28, tzinfo=UTC)
