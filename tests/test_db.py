"""The database seam: parameters by name, transactions that hold, and no connection lost whatever happens."""

import asyncio
import random
from contextlib import asynccontextmanager

import asyncpg
import pytest

from board.kit import db
from board.kit.db import Database, translate
from board.kit.errors import BadRequest, Unavailable

BUSY = "The database is busy or restarting. Try again in a moment."
POOL = 3


@asynccontextmanager
async def open_pool(url: str):
    """A database with a real pool of three, and a table of its own."""
    database = Database(url, pool=POOL)
    await database.connect()
    async with database.connection() as connection:
        await connection.execute(
            "drop table if exists notes; create table notes (id bigint primary key, text text,"
            " parent bigint references notes deferrable initially deferred)"
        )
    yield database
    async with database.connection() as connection:
        await connection.execute("drop table notes")
    await database.disconnect()


@pytest.fixture
async def pool(shared_database):
    async with open_pool(shared_database) as database:
        yield database


@pytest.fixture
def declare(monkeypatch, tmp_path):
    """Declares a SQL file with this text."""

    def make(sql: str, shape=db.many):
        (tmp_path / "note.sql").write_text(sql)
        monkeypatch.setattr(db, "SQL", tmp_path)
        return shape("note")

    return make


async def count(database: Database) -> int:
    async with database.connection() as connection:
        return await connection.fetchval("select count(*) from notes")


async def together(database: Database, *statements: str) -> None:
    """Statements in one transaction."""
    async with database.transaction() as connection:
        for statement in statements:
            await connection.execute(statement)


async def assert_whole(database: Database) -> None:
    """All connections of the pool can be had at once, and none is left inside a transaction."""
    all_there = asyncio.Barrier(POOL)

    async def hold() -> int:
        async with database.connection() as connection:
            await asyncio.wait_for(all_there.wait(), 3)
            return await connection.fetchval("select pg_backend_pid()")

    assert len(set(await asyncio.gather(*(hold() for _ in range(POOL))))) == POOL
    async with database.connection() as connection:
        states = await connection.fetch("select state from pg_stat_activity where datname = current_database()")
    assert "idle in transaction" not in [row["state"] for row in states]


@pytest.mark.parametrize(
    ("sql", "statement", "names"),
    [
        ("select :a", "select $1", ("a",)),
        ("select :a, :b, :a", "select $1, $2, $1", ("a", "b")),
        ("select :a_1, :a_12, :a_", "select $1, $2, $3", ("a_1", "a_12", "a_")),
        ("(:a),(:b)", "($1),($2)", ("a", "b")),
        ("select cast(:a as bigint)", "select cast($1 as bigint)", ("a",)),
        ("select '1'::int, :a::text", "select '1'::int, $1::text", ("a",)),
        ("-- psql -v a=1 :b\nselect :a", "-- psql -v a=1 :b\nselect $1", ("a",)),
        ("select :a -- and :b", "select $1 -- and :b", ("a",)),
        ("/* :b\n */ select :a", "/* :b\n */ select $1", ("a",)),
        ("select ':b', :a", "select ':b', $1", ("a",)),
        ("select 'it''s :b', :a", "select 'it''s :b', $1", ("a",)),
        ("select '12:30', '-- ', :a", "select '12:30', '-- ', $1", ("a",)),
        ('select 1 as ":b", :a', 'select 1 as ":b", $1', ("a",)),
        ("select make_interval(days => :a)", "select make_interval(days => $1)", ("a",)),
        ("select x := 1", "select x := 1", ()),
        ("select 1", "select 1", ()),
        ("select :1, ::, : a", "select :1, ::, : a", ()),
    ],
)
def test_names_become_numbers_and_nothing_else_changes(sql, statement, names):
    assert translate(sql) == (statement, names)


async def test_a_file_gives_a_row_rows_or_a_value(pool, declare):
    sql = "select n, n * 2 as twice from generate_series(1, cast(:most as integer)) as n order by n"
    async with pool.connection() as connection:
        rows = await declare(sql, db.many)(connection, most=2)
        assert [dict(row) for row in rows] == [{"n": 1, "twice": 2}, {"n": 2, "twice": 4}]
        assert await declare(sql, db.many)(connection, most=0) == []
        assert dict(await declare(sql, db.one)(connection, most=2)) == {"n": 1, "twice": 2}
        assert await declare(sql, db.one)(connection, most=0) is None
        assert await declare(sql, db.value)(connection, most=2) == 1
        assert await declare(sql, db.value)(connection, most=0) is None


async def test_parameters_go_by_name_whatever_their_order(pool, declare):
    query = declare("select cast(:a as text) || cast(:b as text) || cast(:a as text)", db.value)
    async with pool.connection() as connection:
        assert await query(connection, b="B", a="A") == "ABA"


@pytest.mark.parametrize("parameters", [{}, {"a": 1}, {"a": 1, "b": 2, "c": 3}, {"a": 1, "c": 3}])
async def test_a_parameter_too_few_or_too_many_is_an_error_and_never_a_null(pool, declare, parameters):
    query = declare("select cast(:a as integer), cast(:b as integer)")
    async with pool.connection() as connection:
        with pytest.raises(TypeError, match=r"note.sql takes \['a', 'b'\], not"):
            await query(connection, **parameters)


async def test_queries_are_counted_for_who_asks(pool, declare):
    query = declare("select 1")
    counted = []
    token = db.queries.set(counted)
    async with pool.connection() as connection:
        await query(connection)
        await query(connection)
    db.queries.reset(token)
    async with pool.connection() as connection:
        await query(connection)
    assert counted == ["note", "note"]


async def test_jsonb_comes_and_goes_as_python_values(pool, declare):
    query = declare("select cast(:a as jsonb)", db.value)
    async with pool.connection() as connection:
        for value in ({"a": [1, None, "é🐘"]}, [], "x", None, 1.5):
            assert await query(connection, a=value) == value


async def test_a_transaction_is_kept_at_its_end(pool):
    async with pool.transaction() as connection:
        await connection.execute("insert into notes values (1)")
    assert await count(pool) == 1


async def test_a_transaction_that_fails_leaves_nothing(pool):
    with pytest.raises(BadRequest):
        await together(pool, "insert into notes values (1)", "select 1 / 0")
    assert await count(pool) == 0
    await assert_whole(pool)


async def test_a_transaction_inside_another_is_undone_alone(pool):
    async with pool.transaction() as outer:
        await outer.execute("insert into notes values (1)")
        with pytest.raises(asyncpg.UniqueViolationError):
            await together(pool, "insert into notes values (2)", "insert into notes values (1)")
        await outer.execute("insert into notes values (3)")
    assert await count(pool) == 2


async def test_a_commit_that_fails_is_an_error_and_loses_no_connection(pool):
    for _ in range(3 * POOL):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with pool.transaction() as connection:
                await connection.execute("insert into notes values (1, 'x', 99)")
    assert await count(pool) == 0
    await assert_whole(pool)


async def test_tasks_that_are_cancelled_anywhere_lose_no_connection(pool):
    chance = random.Random(7)

    async def work() -> None:
        async with pool.transaction() as connection:
            await connection.execute("insert into notes values (1)")
            await connection.execute("select pg_sleep(0.004)")
            raise ZeroDivisionError

    for _ in range(40):
        tasks = [asyncio.create_task(work()) for _ in range(2 * POOL)]
        for task in tasks:
            await asyncio.sleep(chance.random() * 0.004)
            task.cancel()
            if chance.random() < 0.3:
                await asyncio.sleep(0)
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert await count(pool) == 0
    await assert_whole(pool)


async def test_when_no_connection_is_free_in_time_it_says_so_and_later_there_is_one(pool, monkeypatch):
    monkeypatch.setattr(db, "ACQUIRE_SECONDS", 0.1)
    done = asyncio.Event()

    async def hold() -> None:
        async with pool.connection():
            await done.wait()

    holders = [asyncio.create_task(hold()) for _ in range(POOL)]
    await asyncio.sleep(0.05)
    answers = await asyncio.gather(*(count(pool) for _ in range(5)), return_exceptions=True)
    assert [(type(each), str(each)) for each in answers] == [(Unavailable, BUSY)] * 5
    done.set()
    await asyncio.gather(*holders)
    await assert_whole(pool)


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("select cast($1 as text)", "a\0b"),
        ("select cast($1 as text)", "a\ud800b"),
        ("select cast($1 as integer)", 2**31),
        ("select cast($1 as bigint)", 2**63),
        ("select cast($1 as bigint)", "x"),
        ("select cast($1 as uuid)", "x"),
        ("select cast(cast($1 as text) as integer)", "x"),
        ("select now() + make_interval(days => $1)", 2**31 - 1),
    ],
)
async def test_a_value_that_no_column_can_hold_is_a_bad_request(pool, sql, value):
    with pytest.raises(BadRequest, match="can not be stored"):
        async with pool.connection() as connection:
            await connection.fetchval(sql, value)
    await assert_whole(pool)


@pytest.mark.parametrize("sql", ["selec 1", "select * from nothing", "select 1/0"])
async def test_a_mistake_of_ours_is_not_dressed_up(pool, sql):
    with pytest.raises((asyncpg.PostgresError, BadRequest)) as error:
        async with pool.connection() as connection:
            await connection.execute(sql)
    assert not isinstance(error.value, Unavailable)
    await assert_whole(pool)
