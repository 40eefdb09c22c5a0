"""The time that a page of figures shows, in equal steps, and the time before it to compare it with. All in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from board.kit.errors import BadRequest

_STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}

# By name: what it is called, its step, and how many of them; the running one is the last.
RANGES = {
    "day": ("24 hours", "hour", 24),
    "week": ("7 days", "day", 7),
    "month": ("30 days", "day", 30),
    "quarter": ("90 days", "day", 90),
    "year": ("12 months", "week", 52),
}


@dataclass(frozen=True, slots=True)
class Window:
    """`starts`: where each step begins; `before`: the same of the time before."""

    name: str
    label: str
    step: str
    starts: list[datetime]
    before: list[datetime]

    def text(self, start: datetime) -> str:
        """A step in words, short: "14:00", "3 Aug", "week of 3 Aug"."""
        if self.step == "hour":
            return start.strftime("%H:%M")
        return start.strftime("week of %-d %b %Y" if self.step == "week" else "%-d %b")

    def short(self, start: datetime) -> str:
        """The same for below a plot."""
        return start.strftime({"hour": "%H:%M", "day": "%-d %b", "week": "%b %Y"}[self.step])

    def start_of(self, day: date) -> datetime:
        """The step that a day belongs to."""
        monday = day - timedelta(days=day.weekday() if self.step == "week" else 0)
        return datetime(monday.year, monday.month, monday.day, tzinfo=UTC)


def window(name: str, now: datetime) -> Window:
    """The range of this name that ends now. Raises BadRequest."""
    if name not in RANGES:
        raise BadRequest(f"“range” in the address must be one of: {', '.join(RANGES)}.")
    label, step, count = RANGES[name]
    last = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if step != "hour":
        last = last.replace(hour=0) - timedelta(days=last.weekday() if step == "week" else 0)
    steps = [last - _STEPS[step] * back for back in range(2 * count - 1, -1, -1)]
    return Window(name, label, step, steps[count:], steps[:count])
