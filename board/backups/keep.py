"""Which backups are kept: all of the last 24 hours, and the newest of each of the last days, weeks and months."""

import re
from datetime import UTC, datetime, timedelta

_PERIODS = {"d": "%Y-%m-%d", "w": "%G-W%V", "m": "%Y-%m"}


def kept(names: list[str], keep: str) -> set[str]:
    """The names to keep, with `keep` as "7d 4w 6m". Each period is represented by its newest backup."""
    ordered = sorted(names, reverse=True)
    # Counted from the newest, so that a clock that is set wrong removes nothing.
    chosen = {name for name in ordered if _made(ordered[0]) - _made(name) < timedelta(hours=24)}
    for number, unit in re.findall(r"(\d+)([dwm])", keep):
        newest: dict[str, str] = {}
        for name in ordered:
            newest.setdefault(_made(name).strftime(_PERIODS[unit]), name)
        chosen.update(list(newest.values())[: int(number)])
    return chosen


def _made(name: str) -> datetime:
    return datetime.strptime(name, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
