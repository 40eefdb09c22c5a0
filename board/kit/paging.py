"""Keyset pages: a cursor names the last row that was seen, so page 1,000 costs what page 1 costs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from board.kit.errors import BadRequest

LARGEST_ID = 2**63 - 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after the row with this sort key and id, or (back=True) before it."""

    key: Any
    id: int
    back: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page, and the cursors of its neighbours, or None where there are none."""

    rows: Sequence[Any]
    older: str | None
    newer: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """An order of rows: the column that comes before the id ("" for none), and where its first page starts."""

    column: str
    first_key: Any = None
    first_id: int = LARGEST_ID

    def read(self, query: Mapping[str, str]) -> Cursor:
        """The cursor in a query's `after` or `before`, or the first page. Raises BadRequest for a broken one."""
        for name, back in (("before", True), ("after", False)):
            if name in query:
                return self._decode(query[name], back)
        return Cursor(self.first_key, self.first_id, first=True)

    def cut(self, rows: Sequence[Any], size: int, cursor: Cursor) -> Page:
        """Make a page of at most `size` rows from up to `size + 1` that are in display order."""
        more = len(rows) > size
        if more:
            rows = rows[1:] if cursor.back else rows[:size]
        older = bool(rows) and (more or cursor.back)
        newer = bool(rows) and (more if cursor.back else not cursor.first)
        return Page(rows, self.cursor(rows[-1]) if older else None, self.cursor(rows[0]) if newer else None)

    def cursor(self, row: Any) -> str:
        """A row's cursor as it stands in an address: its id, or its sort key, a tilde, and its id."""
        if not self.column:
            return str(row["id"])
        key = row[self.column]
        text = (key - _EPOCH) // _MICROSECOND if isinstance(key, datetime) else repr(key)
        return f"{text}~{row['id']}"

    def _decode(self, text: str, back: bool) -> Cursor:
        key, _, id_ = text[:60].rpartition("~")
        try:
            if not (id_.isascii() and id_.isdigit() and int(id_) <= LARGEST_ID):
                raise ValueError
            return Cursor(self._key(key), int(id_), back)
        except (ValueError, OverflowError):
            raise BadRequest(
                "The part of this address that says where the page begins is broken. Go to the first page."
            ) from None

    def _key(self, text: str) -> Any:
        if isinstance(self.first_key, datetime):
            return _EPOCH + int(text) * _MICROSECOND
        if isinstance(self.first_key, float):
            key = float(text)
            if math.isnan(key):
                raise ValueError
            return key
        if isinstance(self.first_key, int):
            return max(-FIRST_INT, min(int(text), FIRST_INT))
        if text:
            raise ValueError
        return None


# Before any row: where the first page of a descending order starts, by the type of its sort key.
FIRST_FLOAT = float("inf")
FIRST_INT = 2**31 - 1
FIRST_TIME = datetime(9999, 1, 1, tzinfo=UTC)
