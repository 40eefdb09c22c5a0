"""What becomes of the counts: a day is closed and its salt destroyed, old hours and days are forgotten."""

from datetime import UTC, datetime

import pytest

from board import jobs
from board.kit import sketches
from board.traffic.window import RANGES, window
from tests.entrance import site as counting_site
from tests.factories import row
from tests.traffic import DESKTOP, PHONE, sent, visitors


@pytest.fixture
async def app(config, database):
    """The site, counting; nothing is added to the database until a test asks."""
    async with counting_site(config, database, traffic_seconds=3600) as app:
        await app.state.traffic.flush()
        yield app


@pytest.fixture
def site(app, config) -> jobs.Site:
    return jobs.Site(config, app.state.database, app.state.storage)


async def test_a_day_that_is_over_keeps_its_number_of_visitors_and_nothing_else(app, site, stranger):
    for agent in (PHONE, DESKTOP, PHONE):
        await stranger.open("/help", headers=sent(agent))
    assert await visitors(app) == 2
    assert await jobs.run_once(site, jobs.close_traffic_days) == 0
    assert await visitors(app) == 2
    assert (await row(app, "select count(*) from traffic_salts"))[0] == 2
    # Three days pass.
    await row(app, "update traffic_registers set day = day - 3")
    await row(app, "update traffic_salts set day = day - 3")
    assert await jobs.run_once(site, jobs.close_traffic_days) == 1
    assert await visitors(app) == 0
    assert (await row(app, "select count(*) from traffic_salts"))[0] == 0
    kept = await row(
        app,
        "select array_agg((span, at = date_trunc(span, now() - interval '3 days', 'UTC'), requests) order by span)"
        " from traffic_counts where dimension = 'visitors'",
    )
    assert kept[0] == [("day", True, 2), ("week", True, 2)]


async def test_the_days_of_a_week_add_up(app, site):
    monday = "date_trunc('week', now() - interval '14 days', 'UTC')::date"
    await row(app, f"insert into traffic_registers select {monday} + n, n, 1 from generate_series(0, 6) n")
    assert await jobs.run_once(site, jobs.close_traffic_days) == 7
    found = await row(
        app,
        "select sum(requests) filter (where span = 'day') as days, sum(requests) filter (where span = 'week') as weeks,"
        " count(*) as rows from traffic_counts where dimension = 'visitors'",
    )
    assert tuple(found) == (7, 7, 8)


async def test_what_no_page_shows_any_more_is_forgotten(app, site):
    ages = "(values ('hour', 2), ('hour', 4), ('day', 4), ('day', 189), ('day', 191), ('week', 191), ('week', 1200))"
    at = "now() - make_interval(days => age)"
    await row(
        app, f"insert into traffic_counts select span, 'kind', {at}, 'bot', 1, 1, 1 from {ages} as given (span, age)"
    )
    await row(app, f"insert into traffic_times select span, {at}, '/', 1, 1 from {ages} as given (span, age)")
    await row(
        app,
        "insert into traffic_threads values (1, now() - interval '700 days', 1), (1, now() - interval '800 days', 1)",
    )
    await row(app, "insert into traffic_batches values (gen_random_uuid(), 1, now() - interval '31 days')")
    assert await jobs.run_once(site, jobs.prune_traffic) == 8
    for table in ("traffic_counts", "traffic_times"):
        left = await row(
            app,
            "select array_agg(span || ' ' || extract(day from now() - at) order by span, at)"
            f" from {table} where at < now() - interval '1 day'",
        )
        assert left[0] == ["day 189", "day 4", "hour 2", "week 191"]
    assert (await row(app, "select count(*) from traffic_threads"))[0] == 1


async def test_the_shortest_time_that_is_kept_is_enough_for_every_page(app):
    longest = {"hour": 3, "day": 190, "week": 3 * 365}
    for name, (_, step, _) in RANGES.items():
        now = datetime.now(UTC)
        assert (now - window(name, now).before[0]).days < longest[step]


def test_nobody_is_as_many_as_there_are():
    assert sketches.distinct({}) == 0
