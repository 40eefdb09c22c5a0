"""Count: the board's weeks once an hour, and those who wrote very much when somebody looks."""

from typing import Any

from board.kit.db import Database, many, value
from board.kit.queue import enqueue

_list_due_weeks = many("statistics/list_due_weeks")
_count_week = value("statistics/count_week")
_count_person = value("statistics/count_person")
_store_person = value("statistics/store_person")

# The kind of job that counts one person: board/jobs.
COUNT = "count_person"


async def count_weeks(database: Database) -> int:
    """Count the weeks that may have changed since they were counted; return how many there were."""
    async with database.connection() as connection:
        weeks = await _list_due_weeks(connection)
    for row in weeks:
        async with database.connection() as connection:
            await _count_week(connection, week=row["week"])
    return len(weeks)


async def figures(connection: Any, account_id: int) -> dict[str, Any]:
    """A person's figures as they are now: 3 ms for 1,000 messages, and as much for each thousand more."""
    found: dict[str, Any] = await _count_person(connection, account_id=account_id)
    return found


async def count_later(connection: Any, account_id: int) -> None:
    """Leave it to a job to count a person."""
    await enqueue(connection, COUNT, {"account": account_id}, key=str(account_id))


async def count_person(database: Database, account_id: int) -> None:
    """Count a person and keep the figures, unless they left meanwhile."""
    async with database.connection() as connection:
        await _store_person(connection, account_id=account_id, figures=await figures(connection, account_id))
