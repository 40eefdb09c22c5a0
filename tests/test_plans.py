"""On a large board each statement reads by the index that its header names, and little more than it shows."""

import json
import os
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from board.kit import embedded
from board.kit.db import SQL, translate
from tests.large import FILL

# Nobody's page may read one of these from its beginning to its end; boards are a handful.
LARGE = {
    "accounts",
    "threads",
    "messages",
    "votes",
    "pictures",
    "message_pictures",
    "revisions",
    "sessions",
    "jobs",
    "mails",
    "deeds",
}
MODES = ("force_custom_plan", "force_generic_plan", "auto")
PLANNER = ("random_page_cost", "jit", "max_parallel_workers_per_gather")
SPARE_INDEXES = """
select indexname, indexdef from pg_indexes
where schemaname = 'public' and indexname not in (select conname from pg_constraint)
"""


@pytest.fixture(scope="module")
async def big(server, template):
    """A connection to a board with 50,000 threads, 150,000 messages, 20,000 votes and 20,000 pictures."""
    name = f"board_big_{os.getpid()}"
    maintenance = await asyncpg.connect(server)
    await maintenance.execute(f"create database {name} template board_template")
    settings = {each: embedded.SETTINGS[each] for each in PLANNER}
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    connection = await asyncpg.connect(url, statement_cache_size=0, server_settings=settings)
    indexes = await connection.fetch(SPARE_INDEXES)
    # To make them afterwards takes a third of the time.
    await connection.execute("".join(f"drop index {index['indexname']};" for index in indexes))
    await connection.execute(FILL)
    await connection.execute("".join(f"{index['indexdef']};" for index in indexes))
    await connection.execute("vacuum (analyze)")
    yield connection
    await connection.close()
    await maintenance.execute(f"drop database {name} with (force)")
    await maintenance.close()


def defaults(text: str) -> dict[str, str]:
    """The parameters in the psql line of a header, as SQL literals."""
    line = next(line for line in text.splitlines() if line.startswith("-- psql "))
    words = shlex.split(line)
    return dict(word.split("=", 1) for before, word in pairwise(words) if before == "-v")


def nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for each in plan.get("Plans", []):
        yield from nodes(each)


def _looked_at(node: dict) -> float:
    return node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)


class Plan:
    """What EXPLAIN (analyze, buffers) says of a statement."""

    def __init__(self, explained: list[dict]) -> None:
        self.root = explained[0]["Plan"]
        self.nodes = list(nodes(self.root))
        self.rows = self.root["Actual Rows"]
        self.buffers = self.root["Shared Hit Blocks"] + self.root["Shared Read Blocks"]
        self.indexes = {each["Index Name"] for each in self.nodes if "Index Name" in each and each["Actual Loops"]}
        self.read_whole = {each["Relation Name"] for each in self.nodes if each["Node Type"] == "Seq Scan"} & LARGE
        self.most_rows = max(_looked_at(each) * each["Actual Loops"] for each in self.nodes)
        self.planned_anew = "$" not in json.dumps(self.root)


async def explain(connection: Any, name: str, mode: str, **parameters: str) -> Plan:
    """Run a statement as the driver does, prepared, at the seventh time: after five PostgreSQL may keep one plan."""
    text = (SQL / f"{name}.sql").read_text()
    given = {**defaults(text), **parameters}
    statement, names = translate(text)
    literals = f"({', '.join(given[each] for each in names)})" if names else ""
    await connection.execute(f"set plan_cache_mode = {mode}; prepare statement as {statement}")
    try:
        for _ in range(7 if mode == "auto" else 1):
            undone = connection.transaction()
            await undone.start()
            found = await connection.fetchval(
                f"explain (analyze, verbose, buffers, format json) execute statement{literals}"
            )
            await undone.rollback()
    finally:
        await connection.execute("deallocate statement")
    return Plan(json.loads(found))


async def indexes_named(connection: Any, name: str) -> tuple[set[str], bool]:
    """The indexes in a statement's header, and whether any of them will do."""
    header = " ".join(line for line in (SQL / f"{name}.sql").read_text().splitlines() if line.startswith("--"))
    header = header.split("-- psql ")[0].partition("Index:")[2]
    every = {row[0] for row in await connection.fetch("select indexname from pg_indexes where schemaname = 'public'")}
    return {each for each in every if re.search(rf"\b{each}\b", header)}, " or " in header


async def check(connection: Any, name: str, mode: str, label: str, per_row: int, **parameters: str) -> Plan:
    """The statement reads no large table whole, uses its index, and reads few blocks for each row that it gives."""
    plan = await explain(connection, name, mode, **parameters)
    told = f"{name} {label} {mode}: {plan.buffers} blocks, {plan.rows:.0f} rows, {sorted(plan.indexes)}"
    print(told)
    assert not plan.read_whole, f"{told}, reads all of {plan.read_whole}"
    named, any_will_do = await indexes_named(connection, name)
    assert named, f"{name}: its header names no index"
    assert named & plan.indexes if any_will_do else named <= plan.indexes, told
    assert plan.buffers <= 60 + per_row * plan.rows, told
    return plan


MIDDLE = {
    "activity": "now() - interval '300 days'",
    "new": "now() - interval '300 days'",
    "hot": "(select percentile_disc(0.5) within group (order by hot) from threads)",
    "top": "10",
    "controversial": "1.5",
}
BACK = {"back": "true"}


async def literal(connection: Any, expression: str) -> str:
    """A value of the data as a literal: EXECUTE takes no subquery."""
    return repr(await connection.fetchval(f"select {expression}")) if "select" in expression else expression


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("sort", MIDDLE)
async def test_a_page_of_threads_costs_the_same_wherever_it_is(big, sort, mode):
    middle = {"key": await literal(big, MIDDLE[sort]), "id": "25000", "viewer_id": "7"}
    for name in (f"threads/list_{sort}", f"threads/list_{sort}_in_board"):
        for label, parameters in (("first", {}), ("middle", middle), ("back", middle | BACK)):
            plan = await check(big, name, mode, label, 15, **parameters)
            assert plan.rows == 26
            assert plan.most_rows <= 30 or sort == "top" and mode == "force_generic_plan"
        if sort != "top":
            assert plan.planned_anew == (mode == "force_custom_plan"), "one plan is kept: 0.5 ms less for each page"
    small = await check(big, f"threads/list_{sort}_in_board", mode, "small board", 15, board_id="3")
    assert small.rows == 26


@pytest.mark.parametrize("mode", ["force_custom_plan", "auto"])
@pytest.mark.parametrize("days", [1, 7, 30, 365])
async def test_the_best_of_a_time_are_found_without_reading_all(big, days, mode):
    since = f"now() - interval '{days} days'"
    for name in ("threads/list_top", "threads/list_top_in_board"):
        plan = await check(big, name, mode, f"{days} days", 15, since=since, board_id="2", viewer_id="7")
        assert plan.rows == 26 or days == 1
        assert plan.most_rows <= 3_000, "the 504 of the week, or as many of the best until 26 are of the week"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("sort", ["oldest", "newest", "best"])
async def test_a_page_of_messages_costs_the_same_wherever_it_is(big, sort, mode):
    name = f"messages/list_{sort}"
    middle = {"key": "0.7", "id": "55000", "opening": "false", "viewer_id": "7"}
    for label, parameters in (("first", {}), ("middle", middle), ("back", middle | BACK)):
        plan = await check(big, name, mode, label, 25, **parameters)
        assert plan.rows == 51 + (label == "first")
        assert plan.most_rows <= 60
        assert plan.planned_anew == (mode == "force_custom_plan")
    short = await check(big, name, mode, "short thread", 25, thread_id="777", opening_id="777")
    assert short.rows == 3


@pytest.mark.parametrize("mode", MODES)
async def test_a_message_with_3000_answers_costs_what_others_cost(big, mode):
    plan = await check(big, "messages/get", mode, "3,000 answers", 30, message_id="50100")
    assert plan.rows == 1
    assert plan.most_rows == 20


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("what", "size", "per_row"), [("threads", 26, 20), ("messages", 51, 30)])
async def test_what_a_person_wrote_costs_the_same_wherever_it_is(big, what, size, per_row, mode):
    middle = {"id": "25000", "viewer_id": "7"}
    by_time = {"key": "now() - interval '300 days'"} if what == "messages" else {}
    for label, parameters in (("first", {}), ("middle", middle | by_time), ("back", middle | BACK)):
        there = f"{what}/list_by_author{'_back' if by_time and label == 'back' else ''}"
        plan = await check(big, there, mode, label, per_row, **parameters)
        assert plan.rows == size
        assert plan.most_rows <= 2 * size
    little = f"select author_id from {what} where deleted_at is null group by 1 having count(*) between 2 and 9 limit 1"
    rare = await check(big, f"{what}/list_by_author", mode, "rare", 60, author_id=str(await big.fetchval(little)))
    assert 2 <= rare.rows <= 9


@pytest.mark.parametrize("mode", MODES)
async def test_the_place_of_a_message_is_found_without_counting_all_before_it(big, mode):
    for message in ("1", "777", "50001", "59999", "150000"):
        plan = await check(big, "messages/get_place", mode, message, 0, message_id=message)
        assert plan.most_rows <= 50


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("votes", [1, 64, 256])
async def test_votes_are_counted_by_the_primary_keys(big, votes, mode):
    messages = [2 + n * 450 for n in range(votes)]
    arrays = {"message_ids": messages, "account_ids": [20_000] * votes, "values": [1, -1] * (votes // 2) or [1]}
    literals = {name: "'{" + ",".join(map(str, numbers)) + "}'" for name, numbers in arrays.items()}
    plan = await explain(big, "votes/cast", mode, **literals)
    assert plan.rows == votes
    assert not plan.read_whole
    assert {"messages_pkey", "threads_pkey"} <= plan.indexes
    assert plan.most_rows <= votes
    assert plan.buffers <= 120 * votes
    assert plan.planned_anew == (mode == "force_custom_plan"), "one plan is kept: a third of the time of a single vote"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("name", "per_row"),
    [("invitations", 6), ("waiting", 6), ("decided", 9), ("roots", 20), ("guests", 20), ("hosts", 6)],
)
async def test_who_joined_how_costs_the_same_wherever_it_is(big, name, per_row, mode):
    middle = {"id": "2500"} | ({"key": "now() - interval '5 days'"} if name == "decided" else {})
    lists = [("first", {})] + ([("middle", middle), ("back", middle | BACK)] if name != "hosts" else [])
    for label, parameters in lists:
        plan = await check(big, f"joining/list_{name}", mode, label, per_row, **parameters)
        assert plan.rows or label == "middle"
        assert plan.most_rows <= 400


JOBS = {
    "messages/purge": 25_000,
    "threads/purge": 10_000,
    "sessions/delete_expired": 1_000,
    "joining/forget_refused": 60_000,
    "joining/forget_unverified": 400,
    "joining/count_recent": 400,
    "roles/settle": 20_000,
    "backups/list_pictures": 3_000,
    "mail/list": 600,  # three times 50, and their jobs
    "roles/get_person": 200,  # of 7,500 messages
    "statistics/count_person": 200,  # of 5,000 votes
    "statistics/count_week": 8_000,  # of 1,440 messages
}


def others() -> list[str]:
    """The statements with an index in their header that have no test of their own above."""
    paths = sorted(path for path in SQL.glob("*/*.sql") if "Index:" in path.read_text())
    names = [str(path.relative_to(SQL).with_suffix("")) for path in paths]
    elsewhere = r"migrations/|joining/list|threads/list|messages/list_[onbrg]|get_place|votes/cast|traffic/"
    return [name for name in names if not re.search(elsewhere, name)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", others())
async def test_the_index_that_a_header_names_is_used(big, name, mode):
    plan = await explain(big, name, mode)
    told = f"{name} {mode}: {plan.buffers} blocks, {sorted(plan.indexes)}"
    assert not plan.read_whole, f"{told}, reads all of {plan.read_whole}"
    named, any_will_do = await indexes_named(big, name)
    assert named, f"{name}: its header names no index"
    if name != "boards/get":  # a table of four rows
        assert named & plan.indexes if any_will_do else named <= plan.indexes, told
    assert plan.buffers <= JOBS.get(name, 60), told


async def test_a_bad_plan_would_be_noticed(big):
    damage = big.transaction()
    await damage.start()
    await big.execute("drop index threads_by_hot")
    plan = await explain(big, "threads/list_hot", "auto")
    assert plan.rows == 26 and plan.buffers > 60 + 15 * plan.rows
    await big.execute("set local enable_indexscan = off; set local enable_indexonlyscan = off")
    await big.execute("set local enable_bitmapscan = off")
    assert {"threads", "accounts"} <= (await explain(big, "threads/list_new", "auto")).read_whole
    await damage.rollback()
