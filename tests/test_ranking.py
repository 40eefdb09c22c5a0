"""The formulas of the orders against published values and against Python, and the orders of pages against a sort."""

import dataclasses
import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from tests import look, recount
from tests.factories import make_message, make_thread, row

BEGIN = 1_700_000_000  # seconds: the time of the published values


@pytest.fixture
def config(config):
    """All on one page."""
    return dataclasses.replace(config, threads_per_page=100, messages_per_page=100)


@pytest.mark.parametrize(
    ("ups", "downs", "expected"),
    [
        (1, 0, 0.378448),
        (5, 0, 0.752743),
        (10, 1, 0.739495),
        (100, 10, 0.867689),
        (0, 1, 0.0),
        (0, 0, 0.0),
        (0, 2_147_483_647, 0.0),
        (600, 400, 0.579998),
    ],
)
async def test_wilson_gives_the_published_values(app, ups, downs, expected):
    [value] = await row(app, "select wilson_lower_bound($1, $2)", ups, downs)
    assert round(value, 6) == expected


@pytest.mark.parametrize(
    ("ups", "downs", "expected"),
    [(10, 10, 20.0), (10, 5, 3.873), (100, 1, 1.0472), (0, 5, 0.0), (5, 0, 0.0), (0, 0, 0.0), (1, 1, 2.0)],
)
async def test_controversy_gives_the_published_values(app, ups, downs, expected):
    [value] = await row(app, "select controversy($1, $2)", ups, downs)
    assert round(value, 4) == expected


@pytest.mark.parametrize(
    ("score", "others_points", "expected"),
    [(1, 0, 21464.9474946), (10, 0, 21465.6878573), (0, 0, 21464.6464646), (-3, 0, 21464.6464646)],
)
async def test_hot_gives_the_published_values(app, score, others_points, expected):
    [value] = await row(app, "select hot_rank($1, $2, $3)", score, others_points, float(BEGIN))
    assert round(value, 7) == expected


async def test_the_formulas_agree_with_python_everywhere(app):
    chance = random.Random(7)
    sizes = (0, 1, 2, 5, 50, 5_000, 2_000_000_000)
    pairs = [(ups, downs) for ups in sizes for downs in sizes]
    pairs += [(chance.randint(0, size), chance.randint(0, size)) for size in sizes[3:] for _ in range(300)]
    scores = [(chance.randint(-size, size), chance.randint(-size, size)) for size in sizes for _ in range(100)]
    async with app.state.database.connection() as connection:
        found = await connection.fetch(
            "select ups, downs, wilson_lower_bound(ups, downs) as wilson, controversy(ups, downs) as controversy"
            " from unnest($1::bigint[], $2::bigint[]) as v (ups, downs)",
            *zip(*pairs, strict=True),
        )
        hots = await connection.fetch(
            "select score, points, epoch, hot_rank(score, points, epoch) as hot from unnest($1::bigint[], $2::bigint[])"
            " as v (score, points), unnest(array[0, 1700000000.5, 4e9]::float8[]) as e (epoch)",
            *zip(*scores, strict=True),
        )
    assert len(found) == len(pairs) and len(hots) == 3 * len(scores)
    for ups, downs, wilson, controversy in found:
        assert math.isclose(wilson, recount.wilson(ups, downs), rel_tol=1e-6, abs_tol=1e-9), (ups, downs)
        assert math.isclose(controversy, recount.controversy(ups, downs), rel_tol=1e-9), (ups, downs)
        assert 0 <= wilson < 1
    for score, points, epoch, hot in hots:
        assert math.isclose(hot, recount.hot(score, points, epoch), rel_tol=1e-12, abs_tol=1e-9), (score, points, epoch)


async def test_what_the_help_promises_of_hot(app):
    async def rank(score, points=0, hours=0.0):
        return (await row(app, "select hot_rank($1, $2, $3)", score, points, BEGIN + hours * 3600))[0]

    assert math.isclose(await rank(99) + 1, await rank(999), abs_tol=1e-9), "ten times the votes ..."
    assert math.isclose(await rank(99, hours=22), await rank(999), abs_tol=1e-9), "... are worth 22 hours"
    assert await rank(5, 4) > await rank(5, 0), "answers count"
    assert math.isclose(await rank(5, 10), await rank(5, 10_000)), "but never more than votes"
    assert await rank(2) > await rank(1) > await rank(0)


async def make_threads(app, author, count=60):
    """Threads with numbers of every kind, many of them equal; returns their rows with `epoch`."""
    chance = random.Random(31)
    now = datetime.now(UTC)
    await row(app, "insert into boards (slug, name) values ('news', 'News')")
    for n in range(count):
        made = await make_thread(author, f"Thread {n}", board=chance.choice(("general", "news")))
        age = timedelta(minutes=chance.choice((1, 60, 600, 6_000, chance.randint(1, 8_000), 30_000)))
        await row(
            app,
            "update threads set created_at = $2, last_activity_at = $3, ups = $4, downs = $5, others_points = $6,"
            " deleted_at = case when $7 then now() end where id = $1",
            made.id,
            now - age,
            now - age * chance.choice((0, 0.5, 1)),
            chance.choice((0, 0, 1, 2, 3, 20, 300)),
            chance.choice((0, 0, 1, 2, 3, 20, 300)),
            chance.choice((0, 0, -4, 1, 5, 100)),
            chance.random() < 0.15,
        )
    async with app.state.database.connection() as connection:
        return await connection.fetch(
            "select threads.*, slug, extract(epoch from threads.created_at)::float8 as epoch"
            " from threads join boards on boards.id = board_id where deleted_at is null"
        )


KEYS = {
    "activity": lambda t: t["last_activity_at"],
    "hot": lambda t: recount.hot(t["ups"] - t["downs"] + 1, t["others_points"], t["epoch"]),
    "top&period=all": lambda t: t["ups"] - t["downs"],
    "new": lambda t: t["created_at"],
    "controversial": lambda t: recount.controversy(t["ups"], t["downs"]),
}


@pytest.mark.parametrize("sort", KEYS)
async def test_threads_come_in_their_order(app, alice, stranger, sort):
    rows = sorted(await make_threads(app, alice), key=lambda t: (KEYS[sort](t), t["id"]), reverse=True)
    assert 40 < len(rows) < 60 and len({KEYS[sort](t) for t in rows}) > 5
    for path, slugs in (("/", ("general", "news")), ("/boards/general", ("general",)), ("/boards/news", ("news",))):
        page = await stranger.open(f"{path}?sort={sort}")
        assert look.ids(look.tree(page), "thread-") == [t["id"] for t in rows if t["slug"] in slugs]


async def test_the_first_order_is_activity(app, alice, stranger):
    await make_threads(app, alice, 20)
    listed = [
        look.ids(look.tree(await stranger.open(path)), "thread-") for path in ("/", "/?sort=activity", "/?sort=new")
    ]
    assert listed[0] == listed[1] != listed[2]


async def test_top_is_of_a_day_a_week_a_month_a_year_or_all_time(app, alice, stranger):
    now = datetime.now(UTC)
    ages = {"day": (0.01, 0.99), "week": (1.01, 6.99), "month": (7.01, 29.9), "year": (31, 364), "all": (366, 9_000)}
    expected = []
    found = {}
    for score, days in enumerate((day for each in ages.values() for day in each), start=1):
        made = await make_thread(alice, f"{days} days old")
        await row(
            app,
            "update threads set created_at = $2, ups = $3 where id = $1",
            made.id,
            now - timedelta(days=days),
            score,
        )
        expected.insert(0, made.id)
    for period in ages:
        page = await stranger.open(f"/?sort=top&period={period}")
        found[period] = look.ids(look.tree(page), "thread-")
    assert found == {period: expected[-2 * n :] for n, period in enumerate(ages, start=1)}
    page = await stranger.open("/?sort=top")
    assert look.ids(look.tree(page), "thread-") == found["week"]
    pressed = [each for each in look.tree(page).iter("a") if each.get("aria-current") == "true"]
    assert [look.words(each) for each in pressed] == ["Top", "Week"]


@pytest.mark.parametrize("sort", ["oldest", "newest", "best"])
async def test_messages_come_in_their_order_behind_the_opening(app, alice, bob, stranger, thread, sort):
    chance = random.Random(5)
    for n in range(40):
        message = await make_message(chance.choice((alice, bob)), thread, f"Answer {n}.")
        votes = chance.choice((0, 0, 1, 5, 100)), chance.choice((0, 0, 1, 5))
        gone = chance.random() < 0.2
        await row(
            app,
            "update messages set ups = $2, downs = $3, deleted_at = case when $4 then now() end where id = $1",
            message,
            *votes,
            gone,
        )
    await row(app, "update messages set downs = 90 where id = $1", thread.opening)
    async with app.state.database.connection() as connection:
        rows = await connection.fetch("select * from messages where id <> $1 order by id", thread.opening)
    expected = [m["id"] for m in rows]
    if sort == "newest":
        expected.reverse()
    elif sort == "best":
        rank = {m["id"]: recount.wilson(m["ups"], m["downs"]) for m in rows}
        expected.sort(key=lambda message: (-rank[message], message))
    page = await stranger.open(f"{thread.path}?sort={sort}")
    assert look.messages(page) == [thread.opening, *expected]
    assert len(look.with_class(look.tree(page), "deleted")) == sum(m["deleted_at"] is not None for m in rows) > 3


async def test_a_vote_moves_a_thread_up(alice, bob, mod, stranger):
    first, second = await make_thread(alice, "First"), await make_thread(alice, "Second")
    for sort in ("top", "hot", "controversial"):
        page = await stranger.open(f"/?sort={sort}")
        assert look.ids(look.tree(page), "thread-") == [second.id, first.id], "of equals the later"
    await bob.post(f"/messages/{first.opening}/vote", data={"value": 1})
    for sort in ("top", "hot"):
        assert look.ids(look.tree(await stranger.open(f"/?sort={sort}")), "thread-") == [first.id, second.id]
    await mod.post(f"/messages/{first.opening}/vote", data={"value": -1})
    assert look.ids(look.tree(await stranger.open("/?sort=top")), "thread-") == [second.id, first.id]
    assert look.ids(look.tree(await stranger.open("/?sort=controversial")), "thread-") == [first.id, second.id]


async def test_an_answer_moves_a_thread_up(app, alice, bob, stranger):
    first, second = await make_thread(alice, "First"), await make_thread(alice, "Second")
    await row(app, "update threads set last_activity_at = last_activity_at - interval '1 hour'")
    await make_message(bob, first)
    for sort in ("activity", "hot"):
        assert look.ids(look.tree(await stranger.open(f"/?sort={sort}")), "thread-") == [first.id, second.id]
    assert look.ids(look.tree(await stranger.open("/?sort=new")), "thread-") == [second.id, first.id]
