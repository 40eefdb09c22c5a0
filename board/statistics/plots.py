"""What the pages of statistics draw: bars with their words, and how large each share is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from board.kit import figures


def weekly(title: str, weeks: Sequence[dict[str, Any]], name: str, below: str = "") -> dict[str, Any]:
    """A bar for each week; with `below`, the name of a second figure, another that hangs from the same line."""
    values = [week[name] for week in weeks]
    first, last = _day(weeks[0]["week"]), _day(weeks[-1]["week"])
    highest = max(range(len(values)), key=values.__getitem__)
    most = f"Most: {values[highest]:,} in the week of {_day(weeks[highest]['week'])}." if any(values) else "Nothing."
    words = f"One bar for each week from {first} to {last}. {most}"
    return _plot(name, title, words, values, [week[below] for week in weeks] if below else [], [first, last])


def daily(title: str, hours: Sequence[int]) -> dict[str, Any]:
    """A bar for each hour of the day."""
    highest = max(range(24), key=hours.__getitem__)
    most = f"Most: {hours[highest]:,} from {highest} to {highest + 1} o’clock." if any(hours) else "Nothing."
    return _plot("hours", title, f"One bar for each hour, UTC. {most}", hours, [], ["0 h", "12 h", "24 h"])


def shares(boards: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Boards with their messages, and how long each one's bar is, the longest being 100."""
    most = max((board["messages"] for board in boards), default=0)
    return [dict(board) | {"share": round(100 * board["messages"] / most, 1)} for board in boards]


def from_first(weeks: list[dict[str, Any]], least: int = 12) -> list[dict[str, Any]]:
    """The weeks from the first in which there was anything, but the last 12 in any case."""
    first = next(
        (at for at, week in enumerate(weeks) if any(week[name] for name in week if name != "week")), len(weeks)
    )
    return weeks[min(first, len(weeks) - least) :]


def _plot(
    name: str, title: str, words: str, values: Sequence[int], below: Sequence[int], times: Sequence[str]
) -> dict[str, Any]:
    drawing = figures.bars(values, below)
    return {"name": name, "title": title, "words": words, "drawing": drawing, "times": times}


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%-d %b %Y}"
