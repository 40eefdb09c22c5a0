"""What was counted since the last time it was added to the database, as the columns that it becomes."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from operator import add
from typing import Any

_EPOCH = date(1970, 1, 1)
# Reached only while the database is away for long; what is beyond is missing in the views of its thread.
_MOST_THREADS = 20_000

# Dimensions that are counted in one step, since it takes a third of the time; they are parted when they are stored.
ASKED = ("route", "status", "kind")
WITH = ("device", "language")
FROM = ("referrer",)

_Rows = dict[tuple[Any, ...], list[int]]


class Batch:
    """Sums in memory. Hours and days are numbers since 1970."""

    __slots__ = ("_counts", "_registers", "_threads", "_times")

    def __init__(self) -> None:
        self._counts: dict[tuple[str, ...], _Rows] = {ASKED: {}, WITH: {}, FROM: {}}
        self._times: Counter[tuple[int, str, int]] = Counter()
        self._threads: Counter[tuple[int, int]] = Counter()
        self._registers: dict[tuple[int, int], int] = {}

    def __bool__(self) -> bool:
        return bool(self._counts[ASKED])

    def count(self, dimensions: tuple[str, ...], key: tuple[Any, ...], is_view: bool, size: int) -> None:
        """Count a request: `key` is its hour, and its key in each of these dimensions."""
        rows = self._counts[dimensions]
        row = rows.get(key)
        if row is None:
            rows[key] = [1, int(is_view), size]
        else:
            row[0] += 1
            row[1] += is_view
            row[2] += size

    def time(self, hour: int, route: str, bucket: int) -> None:
        """Count how long an answer took."""
        self._times[hour, route, bucket] += 1

    def open_thread(self, day: int, thread_id: int) -> None:
        """Count a view of a thread."""
        if (day, thread_id) in self._threads or len(self._threads) < _MOST_THREADS:
            self._threads[day, thread_id] += 1

    def visit(self, day: int, register: int, rank: int) -> None:
        """Note a visitor."""
        if rank > self._registers.get((day, register), 0):
            self._registers[day, register] = rank

    def columns(self) -> dict[str, list[Any]]:
        """The parameters of sql/traffic/add.sql."""
        parted = self._parted()
        counts = [(_hour(hour), *rest) for hour, *rest in parted]
        sums = list(parted.values())
        times = [(_hour(hour), *rest) for hour, *rest in self._times]
        threads = [(_day(day), id) for day, id in self._threads]
        registers = [(_day(day), register) for day, register in self._registers]
        return {
            "hours": [each[0] for each in counts],
            "dimensions": [each[1] for each in counts],
            "keys": [each[2] for each in counts],
            "requests": [each[0] for each in sums],
            "views": [each[1] for each in sums],
            "bytes": [each[2] for each in sums],
            "time_hours": [each[0] for each in times],
            "routes": [each[1] for each in times],
            "buckets": [each[2] for each in times],
            "times": list(self._times.values()),
            "thread_days": [each[0] for each in threads],
            "thread_ids": [each[1] for each in threads],
            "thread_views": list(self._threads.values()),
            "register_days": [each[0] for each in registers],
            "registers": [each[1] for each in registers],
            "ranks": list(self._registers.values()),
        }

    def _parted(self) -> _Rows:
        """The sums of each key in each dimension by itself."""
        parted: _Rows = {}
        for dimensions, rows in self._counts.items():
            for (hour, *keys), row in rows.items():
                for dimension, key in zip(dimensions, keys, strict=True):
                    known = parted.setdefault((hour, dimension, key), [0, 0, 0])
                    known[:] = map(add, known, row)
        return parted


def _hour(number: int) -> datetime:
    return datetime.fromtimestamp(number * 3600, UTC)


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)
