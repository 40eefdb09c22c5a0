"""Who does something too often waits: a generic cell rate limiter, in memory.

Each replica counts for itself, so N replicas allow N times as much; nothing here is what keeps a password safe.
"""

import time

from board.kit.errors import TooMany

_MOST_KEYS = 100_000


class RateLimiter:
    """Allows `burst` actions at once, and `burst` more in each `seconds` after that, per key."""

    def __init__(self, burst: int, seconds: float, sentence: str) -> None:
        self._burst = burst
        self._seconds = seconds
        self._sentence = sentence
        # When each key would be back at rest (GCRA's theoretical arrival time), in monotonic seconds.
        self._due: dict[object, float] = {}

    def take(self, key: object, *, most: int | None = None, kept: str = "") -> None:
        """Count one action, of somebody who may `most`. Raises TooMany; `kept` is what was typed."""
        now = time.monotonic()
        due = max(self._due.get(key, now), now) + self._seconds / (most or self._burst)
        wait = due - self._seconds - now
        if wait > 0.000_001:
            raise TooMany(self._sentence, seconds=int(wait) + 1, kept=kept)
        if len(self._due) >= _MOST_KEYS:
            self._forget(now)
        self._due[key] = due

    def _forget(self, now: float) -> None:
        """Drop the keys at rest; if all are busy, drop all: better to be lenient than out of memory."""
        self._due = {key: due for key, due in self._due.items() if due > now}
        if len(self._due) >= _MOST_KEYS:
            self._due.clear()


class RateLimits:
    """Limiters by what they limit: name -> (actions, seconds, sentence)."""

    def __init__(self, table: dict[str, tuple[int, float, str]], *, enforced: bool = True) -> None:
        self._limiters = {name: RateLimiter(*row) for name, row in table.items()}
        self.enforced = enforced

    def take(self, name: str, key: object, *, most: int | None = None, kept: str = "") -> None:
        """Count one action of somebody. Raises TooMany with the seconds to wait."""
        if self.enforced:
            self._limiters[name].take(key, most=most, kept=kept)
