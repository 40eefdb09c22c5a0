"""The benchmark: its board holds together, and one command prints the table."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import asyncpg
import pytest

from bench import data
from bench.plan import PAGE, Plan, Size, thread_sizes

SIZE = Size(threads=60, messages=900)
REFERENCES = {
    "messages": ("thread_id threads", "author_id accounts", "reply_to messages", "deleted_by accounts"),
    "threads": ("opening_id messages", "author_id accounts", "board_id boards"),
    "votes": ("message_id messages", "account_id accounts"),
    "message_pictures": ("message_id messages",),
}


@pytest.fixture
async def loaded(own_database):
    await data.load(own_database, SIZE)
    connection = await asyncpg.connect(own_database)
    yield connection
    await connection.close()


def test_a_few_threads_are_long_and_most_are_short():
    sizes = sorted(thread_sizes(Size(10_000, 100_000), Random(1)))
    assert sum(sizes) == 100_000
    assert sizes[-1] > 8_000
    assert sizes[5_000] <= 3
    assert PAGE in sizes


def test_the_same_size_is_the_same_board():
    def rows() -> list:
        plan = Plan(SIZE, datetime(2026, 1, 1, tzinfo=UTC))
        return [[*getattr(plan, table)()] for table in data.COLUMNS]

    assert rows() == rows()


async def test_every_reference_leads_somewhere(loaded):
    for table, references in REFERENCES.items():
        for column, target in map(str.split, references):
            lost = await loaded.fetchval(
                f"select count(*) from {table} a where {column} is not null"
                f" and not exists (select from {target} b where b.id = a.{column})"
            )
            assert lost == 0, (table, column)


async def test_sums_are_those_of_the_votes_and_a_wrong_one_is_seen(loaded):
    assert await loaded.fetchval("select count(*) from votes") > 500
    assert await data.count_wrong(loaded) == (0, 0)
    voted = await loaded.fetchrow("select message_id, account_id from votes order by 1, 2 limit 1")
    await loaded.execute("delete from votes where message_id = $1 and account_id = $2", *voted)
    assert await data.count_wrong(loaded) == (1, 0)
    await loaded.execute("update messages set ups = ups + 1 where id = $1", voted["message_id"])
    assert (await data.count_wrong(loaded))[1] == 1


async def test_the_board_is_one_that_people_could_have_made(loaded):
    assert not await loaded.fetch(
        "select from votes v join messages m on m.id = message_id where account_id = author_id"
    )
    assert not await loaded.fetch(
        "select from threads t where opening_id <> (select min(m.id) from messages m where m.thread_id = t.id)"
    )
    assert not await loaded.fetch(
        "select from messages m join messages a on a.id = m.reply_to where a.thread_id <> m.thread_id"
    )
    assert not await loaded.fetch(
        "select from messages a join messages b on b.id = a.id + 1 where a.created_at > b.created_at"
    )
    assert await loaded.fetchval("select max(id) from messages") == SIZE.messages
    assert await loaded.fetchval("select count(*) from threads where message_count >= 25") >= 3


async def test_the_loaded_schema_is_that_of_the_migrations(loaded, template):
    fresh = await asyncpg.connect(template)
    query = "select indexdef from pg_indexes where schemaname = 'public' order by 1"
    assert await loaded.fetch(query) == await fresh.fetch(query)
    await fresh.close()
    # The next message gets the next id.
    assert await loaded.fetchval("select nextval(pg_get_serial_sequence('messages', 'id'))") == SIZE.messages + 1


def test_one_command_prints_the_table():
    small = ["--threads", "40", "--messages", "600", "--rounds", "1", "--seconds", "0.2"]
    command = [sys.executable, "-m", "bench", "--quick", *small, "--only", "votes", "--only", "weight"]
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.split("|")] for line in done.stdout.splitlines() if line.startswith("|")]
    table = {row[1]: row[2:5] for row in rows}
    assert table["messages and threads with wrong sums"] == ["0", "0", "PASS"]
    assert table["votes that were answered and are not in the table"] == ["0", "0", "PASS"]
    assert table["CSS"][2] in ("PASS", "MISS")
