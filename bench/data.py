"""Load a board of any size by COPY, and count afterwards whether its sums are right."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from bench.plan import BOARDS, Plan, Size
from board.kit.db import SQL, Database
from board.kit.migrate import migrate

# Tables and columns in the order in which they are loaded; columns that are not here compute themselves.
COLUMNS = {
    "people": ("accounts", "id name name_key password_hash created_at"),
    "messages": (
        "messages",
        """id thread_id author_id reply_to text html form_key created_at ups downs deleted_at deleted_by purged_at""",
    ),
    "threads": (
        "threads",
        """id board_id author_id title created_at opening_id last_activity_at message_count ups downs all_ups all_downs
        others_points locked_at""",
    ),
    "votes": ("votes", "message_id account_id value"),
    "pictures": ("pictures", "key width height widths fallback animated bytes"),
    "message_pictures": ("message_pictures", "message_id position picture_key alt sensitive"),
}

# Indexes that hold no constraint: made after the rows, they take a tenth of the time.
_INDEXES = """
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
from pg_index join pg_class on pg_class.oid = indrelid
where relnamespace = 'public'::regnamespace and not indisunique and relname = any($1)
"""

_WRONG_MESSAGES = """
select count(*) from messages m
left join (
    select message_id, count(*) filter (where value = 1) as ups, count(*) filter (where value = -1) as downs
    from votes group by message_id
) v on v.message_id = m.id
where (m.ups, m.downs) is distinct from (coalesce(v.ups, 0), coalesce(v.downs, 0))
"""

_WRONG_THREADS = """
select count(*) from threads t
join (
    select m.thread_id, count(*) as messages, sum(m.ups) as all_ups, sum(m.downs) as all_downs,
        coalesce(sum(m.score + 1) filter (where m.author_id <> t.author_id), 0) as others_points,
        sum(m.ups) filter (where m.id = t.opening_id) as ups, sum(m.downs) filter (where m.id = t.opening_id) as downs
    from messages m join threads t on t.id = m.thread_id
    where m.deleted_at is null group by m.thread_id
) s on s.thread_id = t.id
where (t.message_count, t.all_ups, t.all_downs, t.others_points, t.ups, t.downs)
    is distinct from (s.messages, s.all_ups, s.all_downs, s.others_points, s.ups, s.downs)
"""


def beside(url: str, name: str) -> str:
    """The address of another database of the same server."""
    address, question, query = url.partition("?")
    return address.rpartition("/")[0] + f"/{name}{question}{query}"


async def prepare(server: str, name: str, size: Size) -> tuple[str, bool]:
    """A database with a board of this size: its address, and whether it was loaded now or is still there."""
    url, wanted = beside(server, name), _label(size)
    async with connected(server) as connection:
        found = await connection.fetchval(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = $1", name
        )
        if found == wanted:
            return url, False
        await connection.execute(f"drop database if exists {name} with (force)")
        await connection.execute(f"create database {name}")
    await load(url, size)
    async with connected(server) as connection:
        await connection.execute(f"comment on database {name} is '{wanted}'")
        await connection.execute("checkpoint")
    return url, True


async def load(url: str, size: Size) -> None:
    """Migrate an empty database and fill it."""
    database = Database(url, pool=1)
    await database.connect()
    await migrate(database)
    await database.disconnect()
    plan = Plan(size, datetime.now(UTC))
    async with connected(url) as connection:
        # The plan keeps the references right (tests/test_bench.py), so that nobody has to look each one up.
        await connection.execute("set session_replication_role = replica")
        await _make_boards(connection)
        async with _without_indexes(connection):
            for rows, (table, columns) in COLUMNS.items():
                await connection.copy_records_to_table(table, records=getattr(plan, rows)(), columns=columns.split())
        for table in ("accounts", "messages", "threads"):
            await connection.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), max(id)) from {table}")
        # Else the first readers would write the hint bits, and autovacuum would come into the measurements.
        await connection.execute("vacuum (freeze, analyze)")


async def count_wrong(connection: Any) -> tuple[int, int]:
    """Messages whose votes are not those in the votes table, and threads whose sums are not those of their messages."""
    return await connection.fetchval(_WRONG_MESSAGES), await connection.fetchval(_WRONG_THREADS)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Any]:
    """A connection of our own."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def _without_indexes(connection: Any) -> AsyncIterator[None]:
    indexes = await connection.fetch(_INDEXES, [table for table, _ in COLUMNS.values()])
    for index in indexes:
        await connection.execute(f"drop index {index['name']}")
    yield
    await connection.execute("set maintenance_work_mem = '256MB'")
    for index in indexes:
        await connection.execute(index["definition"])


async def _make_boards(connection: Any) -> None:
    """The migrations made the first."""
    for number in range(2, BOARDS + 1):
        await connection.execute(
            "insert into boards (slug, name, description) values ($1, $2, $3)",
            *(f"board-{number}", f"Board {number}", "One of the boards of the benchmark."),
        )


def _label(size: Size) -> str:
    """What a kept database must have been made from to be used again."""
    files = [*sorted(SQL.glob("migrations/*.sql")), *sorted(SQL.glob("views/*.sql"))]
    files += [Path(__file__).with_name(name) for name in ("plan.py", "data.py", "words.py")]
    made_from = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    return json.dumps({"threads": size.threads, "messages": size.messages, "from": made_from})
