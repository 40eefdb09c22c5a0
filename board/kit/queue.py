"""Work for later, in PostgreSQL: left in a transaction, done after its commit, at least once.

    await queue.enqueue(connection, "send_mail", {"notification": 42}, key="42", delay=60)

What a kind means stands in board/jobs.py, and board/kit/worker.py does it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from board.kit.db import Row, many

Payload = Mapping[str, Any]

_enqueue = many("jobs/enqueue")
_count = many("jobs/count")


async def enqueue(connection: Any, kind: str, payload: Payload, *, key: str | None = None, delay: float = 0) -> int:
    """Leave a job, to be taken in `delay` seconds at the earliest; return its id.

    It is there if and only if the transaction of `connection` commits. With a `key`, one that waits already does for
    both, with its own payload and at the earlier time; one that is being worked on does not, since it may have read
    what this transaction changes. The payload holds ids, no text. As a rule the last thing in a transaction: until its
    end, others who leave a job with the same key wait.
    """
    rows = await _enqueue(connection, kind=kind, jobs=[{"key": key, "payload": dict(payload)}], delay=float(delay))
    return int(rows[0]["id"])


async def enqueue_each(connection: Any, kind: str, payloads: Mapping[str, Payload], *, delay: float = 0) -> None:
    """Leave a job for each key, all in one statement."""
    # In the order of the keys, so that two transactions do not wait for each other.
    jobs = [{"key": key, "payload": dict(payloads[key])} for key in sorted(payloads)]
    if jobs:
        await _enqueue(connection, kind=kind, jobs=jobs, delay=float(delay))


@dataclass(frozen=True, slots=True)
class Summary:
    """How the queue does: for a health page and for metrics."""

    waiting: int  # due, and nobody works on it
    later: int  # for another time, or failed and to be tried again
    running: int
    dead: int  # failed too often: a person has to retry or drop it
    oldest_seconds: float  # how long the one that waits longest has been due; much over 2: too few workers, or none
    failing: int  # periodic work whose last run failed
    kinds: list[Row]  # the same numbers for each kind, with its name as `kind`


async def summary(connection: Any) -> Summary:
    """The numbers of the queue, from one statement."""
    total, *kinds = await _count(connection)
    return Summary(**{name: number for name, number in total.items() if name != "kind"}, kinds=kinds)
