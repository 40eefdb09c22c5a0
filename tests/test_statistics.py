"""Statistics: what a person and the whole board did, counted right and drawn."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from board import jobs, statistics
from board.jobs import run_once
from board.kit import names
from board.statistics import pages
from tests import look
from tests.factories import make_message, make_thread, row
from tests.work import rows

NOW = datetime.now(UTC)


async def backdate(app, message: int, days: float, hour: int = 12) -> None:
    """As if it had been written so many days ago."""
    at = (NOW - timedelta(days=days)).replace(hour=hour, minute=0)
    await row(app, "update messages set created_at = $1 where id = $2", at, message)


def tiles(page) -> dict[str, str]:
    """The large figures of a page, by their words."""
    (tiles,) = look.with_class(look.tree(page), "tiles")
    return {look.words(each.find("dt")): look.words(each.find("dd")) for each in tiles}


def described(page, title: str) -> str:
    """What a plot says to those who do not see it."""
    plots = look.with_class(look.tree(page), "plot")
    plot = next(each for each in plots if look.words(each.find("figcaption")) == title)
    return look.words(next(each for each in plot.iter() if each.tag.endswith("desc")))


async def test_what_alice_wrote_and_voted_is_counted(app, alice, bob, stranger):
    garden = await row(app, "insert into boards (slug, name) values ('garden', 'Garden') returning id")
    thread = await make_thread(alice, title="On bees", board="garden")
    other = await make_thread(bob, title="On wasps")
    answers = [await make_message(alice, other, f"Answer {number}.") for number in range(4)]
    for number, days in zip(answers, (1, 2, 3, 20), strict=True):
        await backdate(app, number, days, hour=7)
    await bob.post(f"/messages/{thread.opening}/vote", data={"value": 1})
    await bob.post(f"/messages/{answers[0]}/vote", data={"value": -1})
    await alice.post(f"/messages/{other.opening}/vote", data={"value": 1})
    page = await alice.open("/people/alice/statistics")
    found = tiles(page)
    assert found["Messages"] == "5 1 thread among them"
    assert found["Points received"] == "0 1 up, 1 down"
    assert found["Votes given"] == "1 1 up, 0 down"
    assert found["Days in a row"] == "4 now: 4"
    assert "Most: 4 from 7 to 8 o’clock." in described(page, "Messages by the hour of the day")
    assert "Most: 1 in the week of" in described(page, "Votes given")
    shares = [look.words(each) for each in next(iter(look.with_class(look.tree(page), "shares")))]
    assert shares == ["General 4 messages", "Garden 1 message"]
    (best,) = look.with_class(look.tree(page), "best")
    assert [look.words(each) for each in best] == ["Opening of On bees 1 point"]
    assert garden


async def test_what_was_deleted_counts_no_more(alice, bob, thread, stranger):
    message = await make_message(alice, thread, "Regret.")
    gone = await make_thread(alice, title="Gone")
    assert tiles(await stranger.open("/people/alice/statistics"))["Messages"] == "3 2 threads among them"
    await alice.post(f"/messages/{message}/delete")
    await alice.post(f"{gone.path}/delete")
    page = await stranger.open("/people/alice/statistics")
    assert tiles(page)["Messages"] == "1 1 thread among them"
    assert "Gone" not in page.text


async def test_a_run_of_days_that_ended_is_the_longest_but_not_the_current_one(app, alice, thread, stranger):
    await backdate(app, thread.opening, 9)
    for days in (10, 11, 30):
        await backdate(app, await make_message(alice, thread, "Words."), days)
    assert tiles(await stranger.open("/people/alice/statistics"))["Days in a row"] == "3 now: 0"


async def test_a_plot_begins_with_the_first_week_that_has_anything(app, alice, thread, stranger):
    assert len(look.with_class(look.tree(await stranger.open("/people/alice/statistics")), "figures")) == 1
    table = next(look.tree(await stranger.open("/people/alice/statistics")).iter("tbody"))
    assert len(table) == 12
    await backdate(app, thread.opening, 7 * 30)
    table = next(look.tree(await stranger.open("/people/alice/statistics")).iter("tbody"))
    assert len(table) == 31


async def test_who_did_nothing_has_empty_plots_and_nobody_has_none(bob, stranger):
    page = await stranger.open("/people/bob/statistics")
    assert tiles(page)["Messages"] == "0 0 threads among them"
    assert described(page, "Messages").endswith("Nothing.")
    assert look.with_class(look.tree(page), "shares") == []
    assert (await stranger.get("/people/nobody-here/statistics")).status_code == 404


async def test_others_see_what_alice_shows_them(app, alice, bob, thread, stranger):
    """Votes given are one's own matter unless one says otherwise."""
    await bob.post(f"/messages/{thread.opening}/vote", data={"value": 1})
    page = await bob.open("/people/alice/statistics")
    assert "Votes given" not in page.text and "Given" not in page.text
    assert tiles(page)["Points received"] == "1 1 up, 0 down"
    await row(app, "update accounts set show_votes = 'nobody', show_statistics = 'members' where name = 'alice'")
    page = await bob.open("/people/alice/statistics")
    assert "Points received" not in page.text and "Best messages" not in page.text and "Up</th>" not in page.text
    hidden = await stranger.get("/people/alice/statistics")
    assert hidden.status_code == 404 and "alice does not show this." in hidden.text
    await row(app, "update accounts set show_statistics = 'nobody' where name = 'alice'")
    assert (await bob.get("/people/alice/statistics")).status_code == 404
    assert tiles(await alice.open("/people/alice/statistics"))["Points received"] == "1 1 up, 0 down"


async def test_an_earlier_name_leads_to_the_statistics_of_the_new_one(app, alice, stranger):
    former = "insert into former_names (account_id, name, name_key) values ($1, 'Lisa', $2)"
    await row(app, former, alice.account["id"], names.key("Lisa"))
    answer = await stranger.get("/people/Lisa/statistics")
    assert (answer.status_code, answer.headers["location"]) == (303, "/people/alice/statistics")


async def test_who_wrote_very_much_is_counted_by_a_job_and_shown_as_it_was_counted(
    app, alice, thread, stranger, monkeypatch
):
    monkeypatch.setattr(pages, "MOST", 1)
    page = await stranger.open("/people/alice/statistics")
    assert "it is being counted" in page.text
    assert 'http-equiv="refresh"' in page.text
    await stranger.open("/people/alice/statistics")
    assert await row(app, "select kind, payload from jobs where kind = 'count_person'") is not None
    assert (await row(app, "select count(*) from jobs where kind = 'count_person'"))[0] == 1
    account = await row(app, "select id from accounts where name = 'alice'")
    await statistics.count_person(app.state.database, account["id"])
    await row(app, "delete from jobs")
    page = await stranger.open("/people/alice/statistics")
    assert tiles(page)["Messages"] == "1 1 thread among them"
    assert "Counted now." in look.words(look.by_id(look.tree(page), "main"))
    await make_message(alice, thread, "Later.")
    assert tiles(await stranger.open("/people/alice/statistics"))["Messages"] == "1 1 thread among them"
    assert (await row(app, "select count(*) from jobs where kind = 'count_person'"))[0] == 0
    await row(app, "update statistics_people set counted_at = now() - interval '61 minutes'")
    page = await stranger.open("/people/alice/statistics")
    assert "Counted 1 h." in look.words(look.by_id(look.tree(page), "main"))
    assert (await row(app, "select count(*) from jobs where kind = 'count_person'"))[0] == 1


async def test_the_board_is_counted_week_by_week(app, alice, bob, thread, stranger):
    assert "Nothing is counted yet" in (await stranger.open("/statistics")).text
    answer = await make_message(bob, thread, "Long ago.")
    await backdate(app, answer, 30)
    await row(app, "update accounts set created_at = now() - interval '32 days'")
    await bob.post(f"/messages/{thread.opening}/vote", data={"value": 1})
    assert await statistics.count_weeks(app.state.database) in (5, 6)
    page = await stranger.open("/statistics")
    found = tiles(page)
    assert found["People"] == "2 this week: 0"
    assert found["Messages"] == "2 this week: 1"
    assert found["Threads"] == "1 this week: 1"
    assert found["Votes"] == "1 this week: 1"
    assert "Most: 1 in the week of" in described(page, "People who wrote")
    (shares,) = look.with_class(look.tree(page), "shares")
    assert [look.words(each) for each in shares] == ["General 2 messages"]


async def test_only_weeks_that_may_still_change_are_counted_again(app, alice, thread):
    await row(app, "update accounts set created_at = now() - interval '100 days'")
    first = await statistics.count_weeks(app.state.database)
    assert first >= 14
    # Those that were over for a week when they were counted stay as they are.
    assert await statistics.count_weeks(app.state.database) == 2
    await row(app, "update statistics_weeks set counted_at = week + 1 where week > current_date - 40")
    assert await statistics.count_weeks(app.state.database) in (5, 6)
    before = [tuple(each) for each in [await row(app, "select sum(messages), count(*) from statistics_weeks")]]
    await statistics.count_weeks(app.state.database)
    assert before == [tuple(await row(app, "select sum(messages), count(*) from statistics_weeks"))] == [(1, first)]


async def test_the_jobs_of_the_site_count(own_site):
    async with own_site.database.connection() as connection:
        account = await connection.fetchval(
            "insert into accounts (name, name_key, password_hash) values ('carol', 'carol', '!') returning id"
        )
        await statistics.count_later(connection, account)
    await run_once(own_site, jobs.count_weeks)
    assert [each["joined"] for each in await rows(own_site, "select joined from statistics_weeks")] == [1]
    await jobs.KINDS[statistics.COUNT].work(own_site, {"account": account})
    await jobs.KINDS[statistics.COUNT].work(own_site, {"account": account + 1})
    (stored,) = await rows(own_site, "select figures from statistics_people")
    figures = stored["figures"] if isinstance(stored["figures"], dict) else json.loads(stored["figures"])
    assert figures["messages"] == 0 and len(figures["weeks"]) == 53 and len(figures["hours"]) == 24


@pytest.mark.parametrize("path", ["/statistics", "/people/alice/statistics"])
async def test_statistics_fit_into_ten_kilobytes(app, alice, thread, stranger, path):
    for days in range(0, 360, 3):
        await backdate(app, await make_message(alice, thread, "Words."), days, hour=days % 24)
    await row(app, "update accounts set created_at = now() - interval '400 days'")
    await statistics.count_weeks(app.state.database)
    page = await stranger.open(path, headers={"Accept-Encoding": "br"})
    assert int(page.headers["content-length"]) < 6_000
