"""What every measurement needs: the two boards, where to look in them, somebody who is signed in, and the patience."""

import asyncio
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import data
from bench.boards import SECRET, Server
from bench.client import Figures, middle
from bench.plan import PAGE, READERS, Size
from board.kit.config import Config
from board.kit.sessions import Sessions

Task = Callable[[], Figures]

_PLACES = """
with longest as (select id from threads order by message_count desc, id limit 1),
person as (select author_id as id from messages group by 1 order by count(*) desc, 1 limit 1)
select
    (select id from threads order by abs(message_count - $1), id limit 1) as page,
    (select id from longest) as longest,
    (select id from messages where thread_id = (select id from longest) order by id desc offset $1 limit 1) as cut,
    (select name from accounts where id = (select id from person)) as person,
    (select max(opening_id) from threads) as hot,
    (select max(id) from accounts) as accounts
"""

_FRESH = """
select (
    select max(m.id) from messages m where m.thread_id = t.id and m.deleted_at is null
) as id
from threads t where t.locked_at is null order by t.last_activity_at desc, t.id desc limit $1
"""
FRESH = 1000


@dataclass(frozen=True, slots=True)
class Board:
    """A loaded database: its address and what stands where in it."""

    url: str
    page: str  # a thread of one page
    first: str  # pages of the longest thread
    last: str
    person: str  # who wrote most
    hot: int  # the opening of the newest thread
    fresh: tuple[int, ...]  # the newest message of each of the liveliest threads
    accounts: int  # ids end here

    @property
    def readers(self) -> range:
        """Accounts without a vote of the loader's."""
        return range(self.accounts - READERS + 1, self.accounts + 1)


@dataclass(frozen=True, slots=True)
class Scene:
    """The boards, the server that lives all through the run, and how long to measure."""

    big: Board
    small: Board
    app: Server
    folder: Path
    seconds: float
    rounds: int

    def measure(self, tasks: dict[str, Task]) -> "Results":
        """Each task in each round, so that a neighbour who wakes up disturbs them all."""
        found: dict[str, list[Figures]] = {name: [] for name in tasks}
        for _ in range(self.rounds):
            for name, task in tasks.items():
                found[name].append(task())
        return Results(found)


class Results:
    """The rounds of each task."""

    def __init__(self, rounds: dict[str, list[Figures]]) -> None:
        self._rounds = rounds

    def __getitem__(self, name: str) -> Figures:
        return middle(self._rounds[name])

    def ratio(self, name: str, to: str) -> float:
        """How many times the requests a second of another task: the median over the rounds."""
        pairs = zip(self._rounds[name], self._rounds[to], strict=True)
        return statistics.median(one.per_second / other.per_second for one, other in pairs)


async def find_board(server: str, name: str, size: Size) -> tuple[Board, bool]:
    """Load a board if it is not there, and look where things stand."""
    url, loaded = await data.prepare(server, name, size)
    async with data.connected(url) as connection:
        await connection.execute("delete from sessions")
        row = await connection.fetchrow(_PLACES, PAGE)
        fresh = await connection.fetch(_FRESH, FRESH)
    long = f"/threads/{row['longest']}"
    board = Board(
        url=url,
        page=f"/threads/{row['page']}",
        first=long,
        last=f"{long}?after={row['cut'] or 0}",
        person=f"/people/{row['person']}",
        hot=row["hot"],
        fresh=tuple(each["id"] for each in fresh),
        accounts=row["accounts"],
    )
    return board, loaded


def sign_in(board: Board, accounts: range) -> dict[int, str]:
    """The Cookie header of each account, as signing in would have given it."""
    sessions = Sessions(Config(secret_keys=SECRET))

    async def begin() -> dict[int, str]:
        async with data.connected(board.url) as connection, connection.transaction():
            return {each: f"{sessions.cookie}={await sessions.begin(connection, each)}" for each in accounts}

    return asyncio.run(begin())
