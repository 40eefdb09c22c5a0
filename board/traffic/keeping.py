"""Periodic work: of a day that is over, keep the number of visitors and destroy its salt; forget old hours and days."""

from itertools import groupby
from operator import itemgetter

from board.kit import sketches
from board.kit.db import Database, many, value

_delete_salts = many("traffic/delete_salts")
_list_ranks = many("traffic/list_ranks")
_close_day = many("traffic/close_day")
_prune = value("traffic/prune")

# What was counted before midnight arrives a few seconds later.
_GRACE_MINUTES = 10


async def close_days(database: Database) -> int:
    """Destroy what visitors could be told apart by, once a day is over; return how many days were closed."""
    async with database.transaction() as connection:
        await _delete_salts(connection, minutes=_GRACE_MINUTES)
        rows = await _list_ranks(connection, minutes=_GRACE_MINUTES)
        days = {day: {row["rank"]: row["registers"] for row in each} for day, each in groupby(rows, itemgetter("day"))}
        for day, ranks in days.items():
            await _close_day(connection, day=day, visitors=sketches.distinct(ranks))
    return len(days)


async def prune(database: Database) -> int:
    """Forget what no page shows any more; return how many rows that were."""
    async with database.connection() as connection:
        return int(await _prune(connection))
