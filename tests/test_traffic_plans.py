"""Figures of three years are read by the indexes that the headers name, and a page reads a small part of them."""

import os
from urllib.parse import urlsplit

import asyncpg
import pytest

from board.kit import embedded
from tests.test_plans import MODES, explain, indexes_named

# As much as the tables ever hold with 40 addresses, 30 referrers and 20 buckets an address; and 5,000 threads a day.
FILL = """
insert into traffic_counts
select span, dimension, date_trunc(span, now(), 'UTC') - ('1 ' || span)::interval * back, 'key ' || key, 9, 5, 1000
from (values ('hour', 72), ('day', 190), ('week', 150)) as spans (span, steps)
cross join lateral generate_series(0, steps) as back
cross join (values ('route', 40), ('kind', 3), ('status', 5), ('referrer', 30), ('device', 4), ('language', 12),
    ('visitors', 1)) as dimensions (dimension, keys)
cross join lateral generate_series(1, keys) as key;
insert into traffic_times
select span, date_trunc(span, now(), 'UTC') - ('1 ' || span)::interval * back,
    case when route = 1 then '*' else '/route ' || route end, bucket, 9
from (values ('hour', 72), ('day', 190), ('week', 150)) as spans (span, steps)
cross join lateral generate_series(0, steps) as back
cross join generate_series(1, 40) as route
cross join generate_series(30, 49) as bucket;
insert into accounts (name, name_key, password_hash) values ('Alice', 'a11ce', 'x');
insert into threads (board_id, author_id, title) select 1, 1, 'Thread ' || n from generate_series(1, 5000) n;
insert into traffic_threads
select thread, (now() at time zone 'UTC')::date - back, 1 + thread * 7919 % 97
from generate_series(0, 59) as back
cross join generate_series(1, 5000) as thread;
insert into traffic_registers
select (now() at time zone 'UTC')::date - back, register, 1 + register % 9
from generate_series(0, 1) as back, generate_series(0, 16383) as register;
insert into traffic_batches
select gen_random_uuid(), n, now() - n * interval '1 minute' from generate_series(1, 5000) n;
"""


@pytest.fixture(scope="module")
async def old(server, template):
    """A connection to a board whose traffic has been counted for years."""
    name = f"board_old_{os.getpid()}"
    maintenance = await asyncpg.connect(server)
    await maintenance.execute(f"create database {name} template board_template")
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    settings = {each: embedded.SETTINGS[each] for each in ("random_page_cost", "jit")}
    connection = await asyncpg.connect(url, statement_cache_size=0, server_settings=settings)
    await connection.execute(FILL)
    await connection.execute("vacuum (analyze)")
    yield connection
    await connection.close()
    await maintenance.execute(f"drop database {name} with (force)")
    await maintenance.close()


# The statements, and how many rows of the 700,000 that there are each may look at in one place.
MOST = {
    "list_points": 32_768,
    "get_report": 25_000,
    "get_thread": 60,
    "add": 10,
    "list_ranks": 16_384,
    "close_day": 16_384,
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", MOST)
async def test_figures_are_read_by_the_index_that_a_header_names(old, name, mode):
    plan = await explain(old, f"traffic/{name}", mode)
    named, any_will_do = await indexes_named(old, f"traffic/{name}")
    large = {"traffic_counts", "traffic_times", "traffic_threads", "traffic_batches", "threads"}
    assert not {each.get("Relation Name") for each in plan.nodes if each["Node Type"] == "Seq Scan"} & large
    used = plan.indexes | conflicts(plan)
    assert named & used if any_will_do else named <= used
    assert plan.most_rows <= MOST[name]


@pytest.mark.parametrize("span", ["hour", "day", "week"])
async def test_the_threads_opened_most_are_found_without_reading_all(old, span):
    since = {
        "hour": "now() - interval '1 day'",
        "day": "now() - interval '30 days'",
        "week": "now() - interval '1 year'",
    }
    plan = await explain(old, "traffic/get_report", "auto", span=f"'{span}'", since=since[span])
    opened = [each for each in plan.nodes if each.get("Relation Name") == "traffic_threads"]
    assert sum(each["Actual Rows"] * each["Actual Loops"] for each in opened) <= 20_000, "of 300,000"


def conflicts(plan) -> set[str]:
    """The indexes by which an insert finds that a row is there."""
    return {name for each in plan.nodes for name in each.get("Conflict Arbiter Indexes", [])}
