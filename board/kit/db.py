"""PostgreSQL behind one seam: a pool, transactions, and SQL files declared as async functions.

    get_thread = one("threads/get")
    thread = await get_thread(connection, thread_id=42)

`databases` gives the pool; queries go to the asyncpg connection below it, since SQLAlchemy would compile each
string anew (3 times the cost), and so do transactions, since `databases.transaction()` loses its connection for ever
when a COMMIT fails or a task is cancelled.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import databases

from board.kit.config import Config
from board.kit.errors import BadRequest, Unavailable

Row = asyncpg.Record
Query = Callable[..., Awaitable[Any]]
T = TypeVar("T")

_PACKAGE = Path(__file__).resolve().parents[1]
# In a checkout the SQL files stand beside the package, in an installed wheel inside it.
SQL = _PACKAGE / "sql" if (_PACKAGE / "sql").is_dir() else _PACKAGE.parent / "sql"

ACQUIRE_SECONDS = 5
STATEMENT_SECONDS = 15

# Told of each statement: its file, when it began (perf_counter), and the seconds it took. Must not wait.
Watcher = Callable[[str, float, float], None]

# Counts the queries of whoever set it: a test's budget, a page's footer.
queries: ContextVar[list[str] | None] = ContextVar("queries", default=None)

# The pool that a statement's connection is of.
_database: ContextVar["Database | None"] = ContextVar("_database", default=None)

# Literals, quoted names and comments, which stay as they are; casts; and parameters.
_TOKENS = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|::|:([a-z_][a-z0-9_]*)""", re.DOTALL)
_BUSY = "The database is busy or restarting. Try again in a moment."
_LOST = (
    TimeoutError,
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # "Cannot switch to state": the server's last words were read after the next query had begun.
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, cancelled
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,  # a deadlock: the other one went through
)


@dataclass(slots=True)
class Pool:
    """How a pool does."""

    most: int
    held: int = 0  # connections in use
    waiting: int = 0  # who would like one
    timeouts: int = 0  # who got none in time, since the start


class Database:
    """A pool of connections. With rollback=True all share one connection whose work is undone at the end (tests).

    With pooled=True the url leads to a pooler that gives each transaction another session: nothing is prepared ahead.
    Nothing here needs a session otherwise: no SET, no LISTEN, no lock that outlives its transaction.
    """

    def __init__(
        self, url: str, *, pool: int = 10, pooled: bool = False, rollback: bool = False, patience: float | None = None
    ) -> None:
        self._patience = patience
        self.watchers: list[Watcher] = []
        # Two at least: a job holds its lock on one, and works on another.
        self.pool = Pool(1 if rollback else max(pool, 2))
        self._databases = databases.Database(
            url,
            # `databases` drops what it does not know, sslmode=verify-full among it.
            dsn=url,
            # Of a server that may be away at any time, asyncpg would log that it can not keep one open.
            min_size=0 if patience else 1,
            max_size=self.pool.most,
            command_timeout=patience or STATEMENT_SECONDS,
            statement_cache_size=0 if pooled else 100,
            force_rollback=rollback,
            init=_prepare,
            reset=_keep,
        )

    @classmethod
    def of(cls, config: Config) -> "Database":
        """The database that the settings name."""
        return cls(config.database_url, pool=config.database_pool, pooled=config.database_pooler)

    async def connect(self) -> None:
        """Open the pool. Raises Unavailable, or RuntimeError with a sentence for a PostgreSQL older than 18."""
        try:
            await self._databases.connect()
        except (OSError, *_LOST) as error:
            raise Unavailable(f"The database does not answer: {error}.") from error
        except asyncpg.PostgresError as error:
            raise RuntimeError(f"The database refuses: {error}. See DATABASE_URL, PGPASSWORD.") from error
        async with self.connection() as connection:
            version = connection.get_server_version()
            if version.major < 18:
                raise RuntimeError(
                    f"Board needs PostgreSQL 18 or newer; this server is {version.major}.{version.minor}"
                )

    async def disconnect(self) -> None:
        """Close the pool."""
        await self._databases.disconnect()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """An asyncpg connection of the pool.

        Raises Unavailable when none is free in time or the server is gone, and BadRequest for a value that no column
        could hold, such as a text with a NUL byte.
        """
        connection = await self._acquire()
        _database.set(self)
        self.pool.held += 1
        try:
            yield connection.raw_connection
        except _LOST as error:
            raise Unavailable(_BUSY) from error
        except asyncpg.DataError as error:
            raise BadRequest("Something you sent holds a character or a number that can not be stored.") from error
        finally:
            self.pool.held -= 1
            await connection.__aexit__()

    async def read(self, work: Callable[[Any], Awaitable[T]], *, fresh: bool = True) -> T:
        """What `work(connection)` gives. Unless it must be fresh, it may be what was true some seconds ago."""
        async with self.connection() as connection:
            return await work(connection)

    def pools(self) -> dict[str, Pool]:
        """How its pools do, by name."""
        return {"primary": self.pool}

    async def _acquire(self) -> Any:
        connection = self._databases.connection()
        self.pool.waiting += 1
        try:
            # The pool itself would wait for ever.
            async with asyncio.timeout(self._patience or ACQUIRE_SECONDS):
                await connection.__aenter__()
        except (OSError, asyncpg.PostgresError, *_LOST) as error:
            self.pool.timeouts += isinstance(error, TimeoutError)
            raise Unavailable(_BUSY) from error
        finally:
            self.pool.waiting -= 1
        return connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """A connection inside a transaction: all of it is committed at the end, or none."""
        async with self.connection() as connection, connection.transaction():
            yield connection


def one(name: str) -> Query:
    """Declare a SQL file that gives a row or None."""
    return _declare(name, "fetchrow")


def many(name: str) -> Query:
    """Declare a SQL file that gives a list of rows."""
    return _declare(name, "fetch")


def value(name: str) -> Query:
    """Declare a SQL file that gives one value or None."""
    return _declare(name, "fetchval")


def together(names: Sequence[str]) -> Query:
    """Declare several SQL files of one shape as one statement: their rows, each with its file's `place` among them."""
    parts = [f"select {place} as place, part.* from (\n{_read(each)}\n) part" for place, each in enumerate(names)]  # noqa: S608
    return _declare(names[0], "fetch", "\nunion all\n".join(parts) + "\norder by place")


def translate(sql: str) -> tuple[str, tuple[str, ...]]:
    """Turn `:name` parameters into PostgreSQL's `$1`, and tell their names in order; comments and literals stay."""
    names: list[str] = []

    def number(token: re.Match[str]) -> str:
        name = token[1]
        if name is None:
            return token[0]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _TOKENS.sub(number, sql), tuple(names)


def _read(name: str) -> str:
    return (SQL / f"{name}.sql").read_text()


def _declare(name: str, fetch: str, sql: str | None = None) -> Query:
    text, names = translate(sql or _read(name))
    expected = set(names)

    async def run(connection: Any, **parameters: Any) -> Any:
        if parameters.keys() != expected:
            # A parameter that is missing would otherwise be a NULL, and the page an empty one.
            raise TypeError(f"{name}.sql takes {sorted(expected)}, not {sorted(parameters)}")
        counted = queries.get()
        if counted is not None:
            counted.append(name)
        started = time.perf_counter()
        try:
            return await getattr(connection, fetch)(text, *[parameters[each] for each in names])
        finally:
            _tell(name, started)

    run.__qualname__ = run.__name__ = name
    return run


def _tell(name: str, started: float) -> None:
    database = _database.get()
    if database is not None:
        for watcher in database.watchers:
            watcher(name, started, time.perf_counter() - started)


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _keep(connection: Any) -> None:
    """Instead of asyncpg's reset, a round trip per query: nobody here uses SET or LISTEN on a pool connection."""
