"""Migrations: forward only, once each, whoever else is at it; views follow the code."""

import asyncio

import asyncpg
import pytest

from board.kit import migrate as module
from board.kit.db import Database
from board.kit.migrate import MigrationError, migrate, pending
from tests.conftest import _beside as beside
from tests.conftest import _execute as execute


@pytest.fixture
def sql(tmp_path):
    """A folder of two migrations and a view."""
    for path, text in {
        "migrations/0001_cats.sql": "create table cats (id integer); insert into cats values (1);",
        "migrations/0002_names.sql": "-- What: ''\nalter table cats add name text default 'Tom';",
        "views/cat_rows.sql": "create view cat_rows as select id from cats;",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.fixture(scope="module")
async def url(server):
    """Address of a database for these tests, one after the other."""
    await execute(server, "drop database if exists board_scratch", "create database board_scratch")
    yield beside(server, "board_scratch")
    await execute(server, "drop database board_scratch with (force)")


@pytest.fixture
async def empty(url):
    """A database in which nothing is."""
    await execute(url, "drop schema public cascade; create schema public")
    database = Database(url, pool=2)
    await database.connect()
    yield database
    await database.disconnect()


async def value(database: Database, statement: str):
    async with database.connection() as connection:
        return await connection.fetchval(statement)


async def test_everything_is_applied_in_order_and_the_second_time_is_nothing(empty, sql):
    assert await pending(empty, sql) == ["0001_cats", "0002_names"]
    assert await migrate(empty, sql) == ["0001_cats", "0002_names", "views"]
    assert await pending(empty, sql) == []
    assert await migrate(empty, sql) == []
    assert await value(empty, "select count(*) || name from cats group by name") == "1Tom"
    assert await value(empty, "select count(*) from cat_rows") == 1


async def test_a_new_migration_is_applied_alone_and_the_views_are_made_anew(empty, sql):
    await migrate(empty, sql)
    (sql / "migrations/0003_more.sql").write_text("insert into cats values (2);")
    assert await pending(empty, sql) == ["0003_more"]
    assert await migrate(empty, sql) == ["0003_more", "views"]
    assert await value(empty, "select count(*) from cat_rows") == 2


async def test_a_migration_that_was_changed_after_it_was_applied_is_refused(empty, sql):
    await migrate(empty, sql)
    (sql / "migrations/0001_cats.sql").write_text("create table dogs (id integer);")
    with pytest.raises(MigrationError) as error:
        await migrate(empty, sql)
    assert str(error.value) == ("0001_cats.sql was changed after it had been applied: write a new migration instead")
    assert await value(empty, "select to_regclass('dogs')") is None


async def test_a_migration_that_fails_leaves_nothing_of_itself_and_can_be_mended(empty, sql):
    (sql / "migrations/0002_names.sql").write_text("create table half (id integer); alter table nothing add x text;")
    with pytest.raises(asyncpg.UndefinedTableError):
        await migrate(empty, sql)
    assert await value(empty, "select to_regclass('half')") is None
    assert await pending(empty, sql) == ["0002_names"]
    (sql / "migrations/0002_names.sql").write_text("alter table cats add name text default 'Kit';")
    assert await migrate(empty, sql) == ["0002_names", "views"]


async def test_a_migration_and_the_mark_that_it_was_applied_are_kept_together_or_not_at_all(empty, sql):
    (sql / "migrations/0002_names.sql").write_text(
        "create table half (id integer); insert into migrations values ('0002_names', 'by hand');"
    )
    with pytest.raises(asyncpg.UniqueViolationError):
        await migrate(empty, sql)
    assert await value(empty, "select to_regclass('half')") is None
    assert await pending(empty, sql) == ["0002_names"]


async def test_a_view_that_changed_is_made_anew_also_with_other_columns(empty, sql):
    await migrate(empty, sql)
    (sql / "views/cat_rows.sql").write_text("create view cat_rows as select name, id + 1 as id from cats;")
    assert await migrate(empty, sql) == ["views"]
    assert await value(empty, "select id from cat_rows") == 2
    assert await migrate(empty, sql) == []


async def test_a_view_that_fails_leaves_the_old_one_in_place(empty, sql):
    await migrate(empty, sql)
    (sql / "views/cat_rows.sql").write_text("create view cat_rows as select nothing from cats;")
    with pytest.raises(asyncpg.UndefinedColumnError):
        await migrate(empty, sql)
    assert await value(empty, "select count(*) from cat_rows") == 1
    async with empty.connection() as connection:
        assert await connection.fetchval("select count(*) from pg_locks where locktype = 'advisory'") == 0


async def test_two_who_migrate_at_once_apply_each_migration_once(empty, sql, url):
    (sql / "migrations/0001_cats.sql").write_text("create table cats (id integer); select pg_sleep(0.3);")
    other = Database(url, pool=1)
    await other.connect()
    results = await asyncio.gather(migrate(empty, sql), migrate(other, sql))
    await other.disconnect()
    assert sorted(results) == [[], ["0001_cats", "0002_names", "views"]]


async def test_who_waits_for_another_s_long_migration_does_not_give_up(sql, empty, url, monkeypatch):
    monkeypatch.setattr("board.kit.db.STATEMENT_SECONDS", 0.3)
    (sql / "migrations/0001_cats.sql").write_text("create table cats (id integer); select pg_sleep(1);")
    others = [Database(url, pool=1) for _ in range(2)]
    for each in others:
        await each.connect()
    results = await asyncio.gather(*(migrate(each, sql) for each in others))
    for each in others:
        await each.disconnect()
    assert sorted(results) == [[], ["0001_cats", "0002_names", "views"]]


async def test_the_lock_is_free_again_after_a_failure(empty, sql, url):
    (sql / "migrations/0001_cats.sql").write_text("selec 1;")
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await migrate(empty, sql)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("select pg_try_advisory_lock($1)", module._LOCK)
    await connection.close()


async def test_a_migration_waits_for_readers_only_so_long(empty, sql, url):
    await migrate(empty, sql)
    (sql / "migrations/0003_lock.sql").write_text("set local lock_timeout = '200ms'; alter table cats add age integer;")
    reader = await asyncpg.connect(url)
    transaction = reader.transaction()
    await transaction.start()
    await reader.fetch("select * from cats")
    with pytest.raises(asyncpg.LockNotAvailableError):
        await migrate(empty, sql)
    await transaction.rollback()
    await reader.close()
    assert await migrate(empty, sql) == ["0003_lock", "views"]


async def test_the_board_itself_needs_nothing_more(shared_database):
    database = Database(shared_database, pool=1)
    await database.connect()
    assert await pending(database) == []
    assert await migrate(database) == []
    await database.disconnect()


async def test_the_board_itself_comes_into_an_empty_database(empty):
    names = await pending(empty)
    assert names[0] == "0001_accounts"
    assert await migrate(empty) == [*names, "views"]
    assert await value(empty, "select slug from boards") == "general"
