"""The figures of a window step by step, and of the time before it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from board.kit import sketches
from board.traffic.window import Window


@dataclass(slots=True)
class Step:
    """An hour, a day or a week. `times`: the answers with a page, by bucket."""

    requests: int = 0
    views: int = 0
    bytes: int = 0
    visitors: int = 0
    times: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def quantile(self, share: float) -> float | None:
        """How long at most this share of the pages took, in seconds."""
        return sketches.quantile(self.times, share)


@dataclass(slots=True)
class Series:
    """The steps of a window, and those before it."""

    window: Window
    now: list[Step]
    before: list[Step]

    @classmethod
    def read(cls, window: Window, points: list[Any], paces: list[Any]) -> "Series":
        """From the rows of traffic/list_points and the `paces` of traffic/get_report."""
        steps: dict[datetime, Step] = defaultdict(Step)
        ranks: dict[datetime, dict[int, int]] = defaultdict(dict)
        for at, dimension, key, requests, views, size in points:
            if dimension == "rank":
                ranks[at][int(key)] = requests
            elif dimension == "visitors":
                steps[at].visitors += requests
            else:
                steps[at].requests += requests
                steps[at].views += views
                steps[at].bytes += size
        for day, registers in ranks.items():
            steps[window.start_of(day)].visitors += sketches.distinct(registers)
        for at, bucket, requests in paces:
            steps[datetime.fromtimestamp(at, UTC)].times[bucket] += requests
        if window.step == "hour":
            _gather_days(steps, window)
        return cls(window, [steps[at] for at in window.starts], [steps[at] for at in window.before])


def total(steps: list[Step]) -> Step:
    """All of them in one."""
    every = Step()
    for step in steps:
        every.requests += step.requests
        every.views += step.views
        every.bytes += step.bytes
        every.visitors += step.visitors
        for bucket, requests in step.times.items():
            every.times[bucket] += requests
    return every


def _gather_days(steps: dict[datetime, Step], window: Window) -> None:
    """Visitors are known of whole days: today's stand in the last hour, yesterday's in the last one before."""
    today = window.starts[-1].replace(hour=0)
    visitors = [steps[day].visitors for day in (today, today - timedelta(days=1))]
    for step in list(steps.values()):
        step.visitors = 0
    steps[window.starts[-1]].visitors, steps[window.before[-1]].visitors = visitors
